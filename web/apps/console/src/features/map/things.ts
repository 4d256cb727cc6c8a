import type { Feature, Layer } from '@yiwang/api/types/geo.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import type { LightName } from '@yiwang/ui/light.tsx';
import { ALARMS, CASES, type Chosen, FENCES, MOVING } from './map-view.ts';

/** One line of the list twin. */
export interface Thing extends Chosen {
  form: Drawn['form'];
  lon: number;
  lat: number;
  count: number;
  name: string;
  /** Number, code or address. */
  note: string;
  /** The state in words, and its colour. */
  state: string;
  color: string | undefined;
  isHollow: boolean;
  /** Nothing is wrong with it. */
  isUsual: boolean;
  /** The light or severity of a case or an alarm in words, and the light that it is drawn as. */
  mark: string | undefined;
  light: LightName | undefined;
}

/** How things are called; the words of the reader's language. */
export interface ThingWords {
  layer(code: string): string;
  kind(layer: string, code: string): string;
  state(layer: string, code: string): string;
  status(code: string): string;
  /** Of something that moves, and of a fence. */
  own(layer: string, code: string): string;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : '';

/** A device is known by its id everywhere else, an area by its code. */
export function idOf(drawn: Drawn, layer: Layer | undefined): string {
  if (drawn.form === 'cluster') return drawn.id;
  if (layer?.content === 'devices') return textOf(drawn.facts.id) || drawn.id;
  if (layer && isArea(layer)) return textOf(drawn.facts.code) || drawn.id;
  return drawn.id;
}

export const isArea = ({ content }: Layer): boolean =>
  content === 'towns' || content === 'villages' || content === 'grids';

/** What moves, or a fence. */
function watchedThing(drawn: Drawn, words: ThingWords): Thing {
  const { layer, id, form, lon, lat, facts } = drawn;
  const state = textOf(facts.state);
  const isUsual = state !== 'old' && state !== 'off';
  return {
    layer,
    id,
    form,
    lon,
    lat,
    count: 1,
    name: textOf(facts.title),
    note: layer === MOVING ? id : words.own(layer, textOf(facts.kind)),
    state: words.own(layer, state),
    color: isUsual ? undefined : 'var(--yw-light-none)',
    isHollow: state === 'standing',
    isUsual: true,
    mark: textOf(facts.age) || undefined,
    light: undefined,
  };
}

function ownThing(drawn: Drawn, words: ThingWords): Thing {
  const { layer, id, lon, lat, facts } = drawn;
  return {
    layer,
    id,
    form: 'point',
    lon,
    lat,
    count: 1,
    name: textOf(facts.title),
    note: textOf(facts.note),
    state: layer === CASES ? words.status(textOf(facts.status)) : '',
    color: undefined,
    isHollow: false,
    isUsual: facts.light === 'green' || facts.light === 'none',
    mark: textOf(facts.mark),
    light: facts.light as LightName,
  };
}

export function thingOf(drawn: Drawn, layers: ReadonlyMap<string, Layer>, words: ThingWords): Thing {
  if (drawn.layer === MOVING || drawn.layer === FENCES) return watchedThing(drawn, words);
  if (drawn.layer === CASES || drawn.layer === ALARMS) return ownThing(drawn, words);
  const layer = layers.get(drawn.layer);
  const { facts, form, lon, lat, count } = drawn;
  const first = layer?.states?.[0]?.code;
  const state = textOf(facts.state) || (form === 'cluster' ? '' : (first ?? ''));
  const kind = facts.kind ? words.kind(drawn.layer, textOf(facts.kind)) : '';
  const name = textOf(facts.name) || kind || words.layer(drawn.layer);
  const color = layer?.states?.find((one) => one.code === state)?.color ?? layer?.style.color;
  return {
    layer: drawn.layer,
    id: idOf(drawn, layer),
    form,
    lon,
    lat,
    count,
    name: form === 'cluster' ? words.layer(drawn.layer) : name,
    note: form === 'cluster' ? '' : textOf(facts.code) || drawn.id,
    state: form === 'cluster' ? clusterWords(drawn, words, first) : words.state(drawn.layer, state),
    color: color ?? undefined,
    isHollow: layer?.content === 'devices' && form !== 'cluster',
    isUsual: state === first || state === '',
    mark: undefined,
    light: undefined,
  };
}

/** Of several drawn as one only what is not as it should be is named: `damaged 14`. */
function clusterWords(drawn: Drawn, words: ThingWords, first: string | undefined): string {
  return Object.entries(drawn.facts)
    .flatMap(([key, count]) => {
      const state = key.startsWith('state:') ? key.slice('state:'.length) : undefined;
      return state && state !== first ? [`${words.state(drawn.layer, state)} ${count}`] : [];
    })
    .join(' · ');
}

const RANKS: readonly (LightName | undefined)[] = ['red', 'orange', 'yellow', 'green', 'none'];
const rankOf = ({ light }: Thing) => RANKS.indexOf(light);

/** Cases and alarms first, then the layers as they stand in the tree; what is not as it should be first, nothing twice. */
export function listed(things: readonly Thing[], order: readonly string[]): Thing[] {
  const place = new Map([ALARMS, CASES, MOVING, ...order, FENCES].map((code, at) => [code, at] as const));
  const seen = new Set<string>();
  return things
    .filter(({ layer, id }) => !seen.has(`${layer}:${id}`) && seen.add(`${layer}:${id}`))
    .sort(
      (a, b) =>
        (place.get(a.layer) ?? 99) - (place.get(b.layer) ?? 99) ||
        Number(a.isUsual) - Number(b.isUsual) ||
        rankOf(a) - rankOf(b) ||
        b.count - a.count ||
        a.name.localeCompare(b.name, 'zh') ||
        a.id.localeCompare(b.id),
    );
}

/** How many of each layer; several drawn as one count for what they are. */
export function countsOf(things: readonly Thing[]): [layer: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { layer, count } of things) counts.set(layer, (counts.get(layer) ?? 0) + count);
  return [...counts];
}

export const featureName = (feature: Feature, kind: string, layer: string): string =>
  feature.name || kind || layer;
