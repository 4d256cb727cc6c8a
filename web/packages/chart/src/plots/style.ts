import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { PlotTone } from './content.ts';

const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';

/** Pixels of a font of the design. */
export const fontOf = (size: number, unit: number) => Math.max(10, Math.round(size * unit));

export function toneColor(tone: PlotTone, theme: Theme): string {
  const token = themes[theme];
  const colors: Record<PlotTone, string> = {
    normal: token.lightGreen,
    attention: token.lightYellow,
    warning: token.lightOrange,
    alarm: token.lightRed,
    stale: token.lightNone,
    plain: token.accent,
  };
  return colors[tone];
}

/** What all plots have in common. */
export function frameOf(theme: Theme, unit: number) {
  const token = themes[theme];
  return {
    animation: false,
    textStyle: { fontFamily: FONTS, color: token.dim, fontSize: fontOf(15, unit) },
    aria: { enabled: false },
  };
}

export function tooltipOf(theme: Theme, unit: number) {
  const token = themes[theme];
  return {
    // Drawn on the canvas: no markup is made of what others wrote.
    renderMode: 'richText' as const,
    confine: true,
    backgroundColor: token.raised,
    borderColor: token.line,
    textStyle: { color: token.text, fontSize: fontOf(15, unit), lineHeight: fontOf(22, unit) },
  };
}

export function figure(value: number, precision: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: precision,
    maximumFractionDigits: precision,
  });
}

/** Numbers beside an axis: as few figures as tell them apart. */
export const axisWords = (value: number): string =>
  Math.abs(value) >= 10_000
    ? `${(value / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })}k`
    : value.toLocaleString('en-US', { maximumFractionDigits: 2 });
