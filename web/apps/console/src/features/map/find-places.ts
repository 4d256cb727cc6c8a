import type { QueryClient } from '@tanstack/react-query';
import { findOnMap } from '@yiwang/api/geo-api.ts';
import { incidentApi } from '@yiwang/api/incident-api.ts';
import { devicesPickQuery } from '@yiwang/api/sensing-api.ts';
import { CASES, type Chosen } from './map-view.ts';
import type { Thing } from './things.ts';

/** Something that a search found, and where it lies. */
export interface Found {
  chosen: Chosen;
  name: string;
  note: string;
  lon: number;
  lat: number;
}

export interface FindWith {
  client: QueryClient;
  can: (action: string) => boolean;
  /** What is drawn now. */
  inView: readonly Thing[];
  /** The layer of devices. */
  codes: { devices?: string | undefined };
  isPast: boolean;
}

const EACH_MAX = 6;
export const FIND_LENGTH_MIN = 2;

const fits = (text: string, ...words: string[]) =>
  words.some((word) => word.toLowerCase().includes(text.toLowerCase()));

/** Everything that a text can mean on the map. */
export async function findPlaces(text: string, using: FindWith): Promise<Found[]> {
  const parts = await Promise.allSettled([
    // Most cases name the area that they lie in: who types an area's name means the area.
    named(text, using),
    cases(text, using),
    devices(text, using),
  ]);
  const found = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
  const known = new Set(found.map(keyOf));
  const drawn = using.inView
    .filter((thing) => thing.form !== 'cluster' && fits(text, thing.name, thing.note))
    .slice(0, EACH_MAX)
    .map(({ layer, id, name, note, lon, lat }) => ({ chosen: { layer, id }, name, note, lon, lat }));
  return [...found, ...drawn.filter((one) => !known.has(keyOf(one)))];
}

const keyOf = ({ chosen }: Found) => `${chosen.layer}:${chosen.id}`;

async function cases(text: string, { can, isPast }: FindWith): Promise<Found[]> {
  if (!can('incident.read') || isPast) return [];
  const page = await incidentApi.byNumber(text);
  return page.items.flatMap(({ id, title, number, position }) =>
    position ? [{ chosen: { layer: CASES, id }, name: title, note: number, ...position }] : [],
  );
}

/** Areas, roads, places and components; devices are known by their ids. */
async function named(text: string, { codes }: FindWith): Promise<Found[]> {
  const places = await findOnMap(text);
  return places
    .filter(({ layer }) => layer !== codes.devices)
    .map(({ layer, number, name, code, area_name, position }) => ({
      // The number of an area is its code.
      chosen: { layer, id: `${number}` },
      name,
      note: code && code !== name ? code : (area_name ?? ''),
      ...position,
    }));
}

async function devices(text: string, { client, can, codes }: FindWith): Promise<Found[]> {
  const layer = codes.devices;
  if (!layer || !can('sensing.read')) return [];
  const page = await client.fetchQuery(devicesPickQuery(text, undefined));
  return page.items
    .flatMap(({ id, name, code, position }) =>
      position ? [{ chosen: { layer, id }, name, note: code, ...position }] : [],
    )
    .slice(0, EACH_MAX);
}
