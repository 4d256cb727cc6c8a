/** Every colour of the product, once. Warning colours follow national practice: red, orange, yellow, blue. */
export interface Tokens {
  bg: string;
  panel: string;
  raised: string;
  rail: string;
  railText: string;
  railActive: string;
  line: string;
  lineSoft: string;
  text: string;
  dim: string;
  accent: string;
  accentSoft: string;
  onAccent: string;
  selected: string;
  hover: string;
  focus: string;
  ok: string;
  warn: string;
  bad: string;
  lightRed: string;
  lightOrange: string;
  lightYellow: string;
  lightGreen: string;
  lightNone: string;
  redSoft: string;
  orangeSoft: string;
  yellowSoft: string;
  greenSoft: string;
  greySoft: string;
  mapLand: string;
  mapLine: string;
  mapLabel: string;
  mapHalo: string;
}

/** `wall` is for large screens that are read from afar: dark, calm, strong contrast. */
export type Theme = 'light' | 'dark' | 'wall';

const light: Tokens = {
  bg: '#eef1f5',
  panel: '#ffffff',
  raised: '#f7f9fb',
  rail: '#12305c',
  railText: '#c9d6ea',
  railActive: '#1f4d8f',
  line: '#d5dce6',
  lineSoft: '#e8ecf1',
  text: '#1b2430',
  dim: '#566275',
  accent: '#1557b0',
  accentSoft: '#e6eefb',
  onAccent: '#ffffff',
  selected: '#dfeafa',
  hover: '#f1f5fb',
  focus: '#1557b0',
  ok: '#176c36',
  warn: '#8a5a00',
  bad: '#c02626',
  lightRed: '#c81e1e',
  lightOrange: '#a84507',
  lightYellow: '#806000',
  lightGreen: '#176c36',
  lightNone: '#647084',
  redSoft: '#fdeaea',
  orangeSoft: '#fff0e3',
  yellowSoft: '#fff7d9',
  greenSoft: '#e7f5ec',
  greySoft: '#eef1f5',
  mapLand: '#f4f6f8',
  mapLine: '#a9b6c8',
  mapLabel: '#46536a',
  mapHalo: '#ffffff',
};

const dark: Tokens = {
  bg: '#0e141c',
  panel: '#161e29',
  raised: '#1b2531',
  rail: '#0b1119',
  railText: '#aebccf',
  railActive: '#1d3557',
  line: '#2d3a4a',
  lineSoft: '#232e3c',
  text: '#e4eaf2',
  dim: '#9aa8ba',
  accent: '#6ba6f5',
  accentSoft: '#1a2c45',
  onAccent: '#0b1420',
  selected: '#1e3452',
  hover: '#1c2735',
  focus: '#8abaf8',
  ok: '#58c07f',
  warn: '#e0b03c',
  bad: '#ff7b72',
  lightRed: '#ff7b72',
  lightOrange: '#ffa657',
  lightYellow: '#e8c547',
  lightGreen: '#58c07f',
  lightNone: '#8fa0b5',
  redSoft: '#3a1d20',
  orangeSoft: '#3a2816',
  yellowSoft: '#352e14',
  greenSoft: '#16301f',
  greySoft: '#222d3a',
  mapLand: '#18212c',
  mapLine: '#3f5066',
  mapLabel: '#a9b8cb',
  mapHalo: '#111821',
};

const wall: Tokens = {
  ...dark,
  bg: '#05090f',
  panel: '#0c131c',
  raised: '#142030',
  line: '#26364a',
  lineSoft: '#18232f',
  text: '#f4f8fc',
  dim: '#b4c2d3',
  accent: '#74b3ff',
  accentSoft: '#12263f',
  onAccent: '#05090f',
  selected: '#1b3557',
  hover: '#152233',
  focus: '#ffffff',
  ok: '#4fd08a',
  warn: '#f2c744',
  bad: '#ff6b63',
  lightRed: '#ff6b63',
  lightOrange: '#ff9d45',
  lightYellow: '#f2d34c',
  lightGreen: '#4fd08a',
  lightNone: '#8b9bb0',
  redSoft: '#4a1a1c',
  orangeSoft: '#482b11',
  yellowSoft: '#3f3610',
  greenSoft: '#0f3a25',
  greySoft: '#202b38',
  mapLand: '#0c131c',
  mapLine: '#3c5069',
  mapLabel: '#b4c2d3',
  mapHalo: '#05090f',
};

export const themes: Record<Theme, Tokens> = { light, dark, wall };

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The theme as custom properties, `--yw-panel`, for style sheets. */
export function cssVariables(theme: Theme, selector = ':root'): string {
  const lines = Object.entries(themes[theme]).map(([name, value]) => `--yw-${kebab(name)}:${value}`);
  const scheme = theme === 'light' ? 'light' : 'dark';
  return `${selector}{color-scheme:${scheme};${lines.join(';')}}`;
}

/** Gives a part of the page a theme of its own. */
export function applyThemeTo(selector: string, theme: Theme): void {
  const id = `yw-theme-${theme}`;
  if (document.getElementById(id)) return;
  const style = document.head.appendChild(document.createElement('style'));
  style.id = id;
  style.textContent = cssVariables(theme, selector);
}

/** Puts the theme's variables on the page. */
export function applyTheme(theme: Theme): void {
  const id = 'yw-theme';
  const style = document.getElementById(id) ?? document.head.appendChild(document.createElement('style'));
  style.id = id;
  style.textContent = cssVariables(theme);
  document.documentElement.dataset.theme = theme;
}

/** Colours of lines and shares that say nothing by themselves: none of them is that of a grade. */
export const seriesColors: Record<Theme, readonly string[]> = {
  light: ['#1557b0', '#0f7c86', '#6b4fc0', '#a23a7c', '#566275', '#7a6330', '#2f6f9f', '#8a4b6b'],
  dark: ['#6ba6f5', '#53c2c9', '#ab93f0', '#dd8fbb', '#93a4bb', '#c4b083', '#8fc3e8', '#c39ad6'],
  wall: ['#74b3ff', '#58d0d6', '#b8a1ff', '#eb9fcb', '#a3b5cc', '#d2bf92', '#9bd1f5', '#cfa8e2'],
};
