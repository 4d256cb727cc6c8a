import { LAYOUT_KEYS, type LayoutKey, type Screen, type ScreenLayout } from '@yiwang/api/types/screen.ts';
import { readingOrder } from './grid.ts';

/** Width by height that each layout is drawn for. */
export const RATIOS: Record<LayoutKey, number> = {
  '16:9': 16 / 9,
  '32:9': 32 / 9,
  '48:9': 48 / 9,
  '4:3': 4 / 3,
  portrait: 9 / 16,
  phone: 9 / 19.5,
};

/** The height, or the width of what stands upright, that the design counts in. */
const DESIGN_PX = 1080;
const PHONE_WIDTH_PX = 390;
/** Narrower than this it is held in a hand. */
const PHONE_WIDTH_MAX = 640;
const UNIT_MIN = 0.72;

export interface View {
  width: number;
  height: number;
}

/** What the window asks for. */
export function wantedLayout({ width, height }: View): LayoutKey {
  if (width <= PHONE_WIDTH_MAX && width < height * 1.2) return 'phone';
  const ratio = width / Math.max(1, height);
  if (ratio < 1) return 'portrait';
  const wide = (['4:3', '16:9', '32:9', '48:9'] as const).map((key) => ({
    key,
    // Twice as wide is as far away as half as wide.
    distance: Math.abs(Math.log(ratio / RATIOS[key])),
  }));
  return wide.reduce((best, one) => (one.distance < best.distance ? one : best)).key;
}

export interface Chosen {
  key: LayoutKey;
  layout: ScreenLayout;
  /** The window asked for another one that the screen does not have. */
  isStandIn: boolean;
}

/** One below the other, as high as each needs. */
export function stacked(layout: ScreenLayout): ScreenLayout {
  return { columns: [1], areas: readingOrder(layout) };
}

/** The layout of a screen for a window; the nearest one it has where it has not the one that fits. */
export function chooseLayout(screen: Screen, view: View): Chosen | undefined {
  const wanted = wantedLayout(view);
  const own = screen.layouts[wanted];
  if (own) return { key: wanted, layout: own, isStandIn: false };
  const others = LAYOUT_KEYS.flatMap((key) => {
    const layout = screen.layouts[key];
    return layout ? [{ key, layout }] : [];
  });
  if (wanted === 'phone' || wanted === 'portrait') {
    const upright = others.find(({ key }) => key === 'portrait' || key === 'phone');
    if (upright) return { ...upright, key: wanted, isStandIn: true };
    const [first] = others;
    return first && { key: wanted, layout: stacked(first.layout), isStandIn: true };
  }
  const distance = (key: LayoutKey) => Math.abs(Math.log(RATIOS[key] / RATIOS[wanted]));
  const [nearest] = others
    .filter(({ key }) => key !== 'phone')
    .toSorted((one, other) => distance(one.key) - distance(other.key));
  const any = nearest ?? others[0];
  return any && { ...any, isStandIn: true };
}

/** How many pixels one unit of the design is. Nothing is scaled: every size counts in units. */
export function unitOf(key: LayoutKey, { width, height }: View): number {
  if (key === 'phone') return Math.min(1.3, Math.max(0.85, width / PHONE_WIDTH_PX));
  if (key === 'portrait') return Math.max(UNIT_MIN, width / DESIGN_PX);
  return Math.max(UNIT_MIN, height / DESIGN_PX);
}

/** The width in pixels of the design that seams are given in. */
export const designWidth = (key: LayoutKey) =>
  key === 'phone' ? PHONE_WIDTH_PX : key === 'portrait' ? DESIGN_PX : Math.round(RATIOS[key] * DESIGN_PX);
