import type { Camera } from '@yiwang/map/board/board.ts';

/** What of the map is looked at, as it stands in the address. */
export interface MapView {
  camera: Camera | undefined;
  /** The layers that are drawn; nothing said is what the city shows at first. */
  shown: string[] | undefined;
  chosen: Chosen | undefined;
  /** A past instant; nothing is now. */
  at: string | undefined;
  tab: Tab;
  /** How much of a layer is seen, in hundredths, where it is not all of it. */
  opacity: ReadonlyMap<string, number>;
  /** The layers in the order of who put them: the first lies on top. */
  stack: string[];
  /** So many hours of the way of what was chosen. */
  trail: TrailHours | undefined;
  /** The map stays with what was chosen. */
  isFollowed: boolean;
  /** What is being made or changed. */
  form: MapForm | undefined;
}

/** A fence, a feature of a layer, or files of a layer. */
export interface MapForm {
  what: (typeof FORMS)[number];
  /** The fence that is changed; the layer. */
  of: string;
}

export interface Chosen {
  layer: string;
  id: string;
}

type Search = Record<string, string | undefined>;

/** Layers of the console's own; no layer of a city has these codes. */
export const CASES = 'cases';
export const ALARMS = 'alarms';

export const MOVING = 'moving';
export const FENCES = 'fences';

const FORMS = ['fence', 'feature', 'import'] as const;
export const TRAIL_HOURS = [1, 4, 24] as const;
export type TrailHours = (typeof TRAIL_HOURS)[number];

export const TABS = ['layers', 'list', 'region', 'fences'] as const;
export type Tab = (typeof TABS)[number];

const NONE = 'none';
const CAMERA_DIGITS = 5;
const ZOOM_MAX = 19;

function cameraOf(text: string | undefined): Camera | undefined {
  const [lon = Number.NaN, lat = Number.NaN, zoom = Number.NaN] = (text ?? '').split(',').map(Number);
  const isRight =
    text !== undefined && Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= ZOOM_MAX;
  return isRight ? { lon, lat, zoom } : undefined;
}

export const cameraText = ({ lon, lat, zoom }: Camera): string =>
  `${lon.toFixed(CAMERA_DIGITS)},${lat.toFixed(CAMERA_DIGITS)},${zoom.toFixed(2)}`;

export function chosenOf(text: string | undefined): Chosen | undefined {
  const at = text?.indexOf(':') ?? -1;
  if (!text || at < 1 || at === text.length - 1) return undefined;
  return { layer: text.slice(0, at), id: text.slice(at + 1) };
}

export const chosenText = ({ layer, id }: Chosen): string => `${layer}:${id}`;

function instantOf(text: string | undefined): string | undefined {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

/** `component:60,road:30` */
function opacityOf(text: string | undefined): Map<string, number> {
  const pairs = (text ?? '').split(',').map((pair) => pair.split(':'));
  return new Map(
    pairs.flatMap(([code, part]) => {
      const value = Number(part);
      return code && part && value >= 0 && value < 100 ? [[code, Math.round(value)] as const] : [];
    }),
  );
}

export const opacityText = (opacity: ReadonlyMap<string, number>): string | undefined =>
  [...opacity].flatMap(([code, part]) => (part < 100 ? [`${code}:${part}`] : [])).join(',') || undefined;

/** `fence:` makes a new one. */
function formOf(text: string | undefined): MapForm | undefined {
  const [name = '', of = ''] = (text ?? '').split(':');
  const what = FORMS.find((one) => one === name);
  return what && (what === 'fence' || of) ? { what, of } : undefined;
}

export const formText = ({ what, of }: MapForm): string => `${what}:${of}`;

/** The layers with those first that were put on top, the others as they were. */
export function stacked(codes: readonly string[], stack: readonly string[]): string[] {
  const known = stack.filter((code) => codes.includes(code));
  return [...known, ...codes.filter((code) => !known.includes(code))];
}

/** A layer one place up or down among its like. */
export function restacked(order: readonly string[], code: string, way: 1 | -1): string[] {
  const next = [...order];
  const at = next.indexOf(code);
  const other = next[at + way];
  if (at < 0 || other === undefined) return next;
  next[at + way] = code;
  next[at] = other;
  return next;
}

export function viewOf(search: Search): MapView {
  return {
    camera: cameraOf(search.c),
    shown: search.on === undefined ? undefined : search.on.split(',').filter((code) => code && code !== NONE),
    chosen: chosenOf(search.sel),
    at: instantOf(search.at),
    tab: TABS.find((tab) => tab === search.tab) ?? 'layers',
    opacity: opacityOf(search.op),
    stack: (search.ord ?? '').split(',').filter(Boolean),
    trail: TRAIL_HOURS.find((hours) => String(hours) === search.trail),
    isFollowed: search.follow === '1',
    form: formOf(search.form),
  };
}

export const shownText = (shown: readonly string[]): string => shown.join(',') || NONE;

/** The layers after one was switched, in the order of the tree. */
export const switched = (shown: readonly string[], code: string, order: readonly string[]): string[] => {
  const next = new Set(shown);
  if (!next.delete(code)) next.add(code);
  return order.filter((one) => next.has(one));
};
