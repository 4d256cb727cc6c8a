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
}

export interface Chosen {
  layer: string;
  id: string;
}

type Search = Record<string, string | undefined>;

/** Layers of the console's own; no layer of a city has these codes. */
export const CASES = 'cases';
export const ALARMS = 'alarms';

export const TABS = ['layers', 'list', 'region'] as const;
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

export function viewOf(search: Search): MapView {
  return {
    camera: cameraOf(search.c),
    shown: search.on === undefined ? undefined : search.on.split(',').filter((code) => code && code !== NONE),
    chosen: chosenOf(search.sel),
    at: instantOf(search.at),
    tab: TABS.find((tab) => tab === search.tab) ?? 'layers',
  };
}

export const shownText = (shown: readonly string[]): string => shown.join(',') || NONE;

/** The layers after one was switched, in the order of the tree. */
export const switched = (shown: readonly string[], code: string, order: readonly string[]): string[] => {
  const next = new Set(shown);
  if (!next.delete(code)) next.add(code);
  return order.filter((one) => next.has(one));
};
