import type { Place } from '@yiwang/map/board/geodesy.ts';

/** Places that belong together: a ring, a way, or a hole in the ring before. */
export interface Part {
  places: Place[];
  isHole: boolean;
}

export interface PlacesFault {
  /** Of the words of what is wrong. */
  key: 'line' | 'few' | 'none' | 'hole';
  values?: { line?: number; text?: string; count?: number };
}

export type Read<T> = { value: T; fault?: undefined } | { value?: undefined; fault: PlacesFault };

const HOLE = '!';
const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const LINE = new RegExp(String.raw`^(${NUMBER})\s*[,，\s]\s*(${NUMBER})$`);
const DIGITS = 7;

function placeOf(text: string): Place | undefined {
  const found = LINE.exec(text);
  const [lon, lat] = [Number(found?.[1]), Number(found?.[2])];
  return found && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
}

/** One `longitude,latitude` a line; an empty line begins another part, `!` begins a hole. */
export function readParts(text: string): Read<Part[]> {
  const parts: Part[] = [];
  let part: Part | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    let line = raw.trim();
    if (!line) {
      part = undefined;
      continue;
    }
    if (!part) {
      part = { places: [], isHole: line.startsWith(HOLE) };
      parts.push(part);
      if (part.isHole) line = line.slice(1).trim();
      if (!line) continue;
    }
    const place = placeOf(line);
    if (!place) return { fault: { key: 'line', values: { line: index + 1, text: line.slice(0, 40) } } };
    part.places.push(place);
  }
  return parts.length > 0 ? { value: parts } : { fault: { key: 'none' } };
}

const number = (value: number) => String(Number(value.toFixed(DIGITS)));
const lines = (places: readonly Place[]) => places.map(([lon, lat]) => `${number(lon)},${number(lat)}`);

export const partsText = (parts: readonly Part[]): string =>
  parts.map(({ places, isHole }) => [...(isHole ? [HOLE] : []), ...lines(places)].join('\n')).join('\n\n');

/** The same ring without the place that closes it. */
export function opened(ring: readonly Place[]): Place[] {
  const [first, last] = [ring[0], ring.at(-1)];
  const isClosed = ring.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1];
  return isClosed ? ring.slice(0, -1) : [...ring];
}

const few = (count: number): Read<never> => ({ fault: { key: 'few', values: { count } } });

/** Rings as polygons, each with its holes. */
export function readPolygons(text: string): Read<Place[][][]> {
  const { value: parts, fault } = readParts(text);
  if (fault) return { fault };
  const polygons: Place[][][] = [];
  for (const { places, isHole } of parts) {
    const ring = opened(places);
    const [first] = ring;
    if (!first || ring.length < 3) return few(3);
    const closed = [...ring, first];
    if (!isHole) polygons.push([closed]);
    else if (polygons.length === 0) return { fault: { key: 'hole' } };
    else polygons.at(-1)?.push(closed);
  }
  return { value: polygons };
}

export const polygonsText = (polygons: readonly Place[][][]): string =>
  partsText(polygons.flatMap((rings) => rings.map((ring, at) => ({ places: opened(ring), isHole: at > 0 }))));

export function readWays(text: string): Read<Place[][]> {
  const { value: parts, fault } = readParts(text);
  if (fault) return { fault };
  return parts.some(({ places }) => places.length < 2)
    ? few(2)
    : { value: parts.map(({ places }) => places) };
}

export const waysText = (ways: readonly Place[][]): string =>
  partsText(ways.map((places) => ({ places, isHole: false })));

export function readPlace(text: string): Read<Place> {
  const { value: parts, fault } = readParts(text);
  if (fault) return { fault };
  const place = parts[0]?.places[0];
  return place ? { value: place } : few(1);
}

export const placeText = (place: Place): string => lines([place]).join();
