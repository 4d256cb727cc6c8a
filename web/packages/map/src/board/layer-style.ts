import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import { FONT } from '../city-style.ts';

/** A layer of the city as the board draws it. */
export interface BoardLayer {
  code: string;
  geometry: 'point' | 'line' | 'area';
  minZoom: number;
  maxZoom: number;
  color?: string | undefined;
  width?: number | undefined;
  /** 0 nothing of it, 1 all of the ground is covered. */
  fill?: number | undefined;
  /** How much of it is seen, 1 where nothing is said. */
  opacity?: number;
  isNamed: boolean;
  /** Its points are rings: what speaks is told from what stands. */
  isHollow?: boolean;
  /** The first is what a thing is in where nothing is wrong with it. */
  states: readonly { code: string; color?: string | undefined }[];
}

/** In tiles, what stands for several things says how many under this key. */
export const COUNT_KEY = 'count';
export const sourceOf = (code: string) => `layer:${code}`;
/** Where each kind is put in: everything before the next kind. */
export const SLOTS = { area: 'slot-line', line: 'slot-point', point: 'slot-name', name: 'slot-top' } as const;

/** Where the city is full of cases, the names of its areas must still be read: they lie over what is open. */
export const AREA_NAMES_BEFORE = 'marked-fill';

const IS_CLUSTER: FilterSpecification = ['has', COUNT_KEY];
const IS_SINGLE: FilterSpecification = ['!', ['has', COUNT_KEY]];
/** Names of single points are read only where there is room for them. */
const POINT_NAMES_ZOOM = 14;

/** Relative addresses are not taken by the workers that read tiles. */
export const tilesAddress = (origin: string, code: string, at?: string) =>
  `${origin}/api/v1/layers/${encodeURIComponent(code)}/tiles/{z}/{x}/{y}${at ? `?at=${encodeURIComponent(at)}` : ''}`;

export interface SlottedLayer {
  spec: LayerSpecification;
  before: string;
}

export function stateColor(layer: BoardLayer, fallback: string): ExpressionSpecification | string {
  const plain = layer.color ?? fallback;
  const pairs = layer.states.flatMap(({ code, color }) => (color ? [code, color] : []));
  if (pairs.length === 0) return plain;
  return ['match', ['get', 'state'], ...pairs, plain] as unknown as ExpressionSpecification;
}

/** What is in another state than the first is larger and has a dark ring: colour is not all that says it. */
function byState<T>(layer: BoardLayer, usual: T, other: T): T | ExpressionSpecification {
  const [first] = layer.states;
  if (!first || layer.states.length < 2) return usual;
  return [
    'match',
    ['coalesce', ['get', 'state'], first.code],
    first.code,
    usual,
    other,
  ] as unknown as ExpressionSpecification;
}

function pointLayers(layer: BoardLayer, theme: Theme): SlottedLayer[] {
  const token = themes[theme];
  const base = { source: sourceOf(layer.code), 'source-layer': layer.code };
  const color = layer.color ?? token.accent;
  const specs: LayerSpecification[] = [
    {
      ...base,
      id: `${layer.code}:cluster`,
      type: 'circle',
      filter: IS_CLUSTER,
      paint: {
        // Pale, so that single things and cases stand out before what is merely many.
        'circle-color': token.mapHalo,
        'circle-opacity': 0.85,
        'circle-radius': ['interpolate', ['linear'], ['get', COUNT_KEY], 2, 8, 50, 11, 500, 15, 5000, 22],
        'circle-stroke-color': color,
        'circle-stroke-opacity': 0.85,
        'circle-stroke-width': 1.5,
      },
    },
    {
      ...base,
      id: `${layer.code}:point`,
      type: 'circle',
      filter: IS_SINGLE,
      paint: {
        'circle-color': layer.isHollow ? token.mapHalo : stateColor(layer, color),
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          9,
          byState(layer, 3, 4),
          14,
          byState(layer, 4.5, 6),
          18,
          byState(layer, 7, 9),
        ],
        'circle-stroke-color': layer.isHollow
          ? stateColor(layer, color)
          : byState(layer, token.mapHalo, token.text),
        'circle-stroke-width': layer.isHollow ? 2.5 : byState(layer, 1, 1.6),
      },
    },
    {
      ...base,
      id: `${layer.code}:count`,
      type: 'symbol',
      filter: IS_CLUSTER,
      layout: {
        'text-field': ['to-string', ['get', COUNT_KEY]],
        'text-font': FONT,
        'text-size': 10.5,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': token.mapLabel },
    },
  ];
  const out = specs.map((spec) => ({ spec, before: SLOTS.point as string }));
  if (layer.isNamed)
    out.push({
      before: SLOTS.name,
      spec: {
        ...base,
        id: `${layer.code}:name`,
        type: 'symbol',
        minzoom: POINT_NAMES_ZOOM,
        filter: IS_SINGLE,
        layout: {
          'text-field': ['coalesce', ['get', 'name'], ''],
          'text-font': FONT,
          'text-size': 11.5,
          'text-anchor': 'top',
          'text-offset': [0, 0.7],
          'text-max-width': 8,
        },
        paint: namePaint(theme),
      },
    });
  return out;
}

const namePaint = (theme: Theme) => ({
  'text-color': themes[theme].mapLabel,
  'text-halo-color': themes[theme].mapHalo,
  'text-halo-width': 1.4,
});

function lineLayers(layer: BoardLayer, theme: Theme): SlottedLayer[] {
  const base = { source: sourceOf(layer.code), 'source-layer': layer.code };
  const width = layer.width ?? 2;
  const out: SlottedLayer[] = [
    {
      before: SLOTS.line,
      spec: {
        ...base,
        id: `${layer.code}:line`,
        type: 'line',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': stateColor(layer, layer.color ?? themes[theme].accent),
          'line-width': ['interpolate', ['linear'], ['zoom'], 8, width * 0.5, 14, width, 18, width * 3],
        },
      },
    },
  ];
  if (layer.isNamed)
    out.push({
      before: SLOTS.name,
      spec: {
        ...base,
        id: `${layer.code}:name`,
        type: 'symbol',
        minzoom: 12,
        layout: {
          'symbol-placement': 'line',
          'text-field': ['coalesce', ['get', 'name'], ''],
          'text-font': FONT,
          'text-size': 11.5,
        },
        paint: namePaint(theme),
      },
    });
  return out;
}

function areaLayers(layer: BoardLayer, theme: Theme): SlottedLayer[] {
  const base = { source: sourceOf(layer.code), 'source-layer': layer.code };
  const color = stateColor(layer, layer.color ?? themes[theme].mapLine);
  const out: SlottedLayer[] = [
    {
      before: SLOTS.area,
      spec: {
        ...base,
        id: `${layer.code}:fill`,
        type: 'fill',
        paint: { 'fill-color': color, 'fill-opacity': layer.fill ?? 0.08, 'fill-antialias': false },
      },
    },
    {
      before: SLOTS.area,
      spec: {
        ...base,
        id: `${layer.code}:line`,
        type: 'line',
        paint: { 'line-color': color, 'line-width': layer.width ?? 1 },
      },
    },
  ];
  if (layer.isNamed)
    out.push({
      before: AREA_NAMES_BEFORE,
      spec: {
        // A polygon is cut by tiles and each piece would be named; the server tells where the name stands.
        ...base,
        'source-layer': `${layer.code}-label`,
        id: `${layer.code}:name`,
        type: 'symbol',
        layout: {
          'text-field': ['coalesce', ['get', 'name'], ''],
          'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 9, 12.5, 13, 15],
          'text-max-width': 7,
        },
        paint: { ...namePaint(theme), 'text-color': themes[theme].text, 'text-halo-width': 2 },
      },
    });
  return out;
}

/** How the board draws a layer, and where each part is put in. */
export function layerStyle(layer: BoardLayer, theme: Theme): SlottedLayer[] {
  if (layer.geometry === 'area') return areaLayers(layer, theme);
  return layer.geometry === 'line' ? lineLayers(layer, theme) : pointLayers(layer, theme);
}

/** The ground with nothing on it, and the slots that layers are put into. */
export function groundStyle(theme: Theme): StyleSpecification {
  const slot = (id: string): LayerSpecification => ({
    id,
    type: 'background',
    layout: { visibility: 'none' },
  });
  return {
    version: 8,
    sources: {},
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': themes[theme].mapLand } },
      ...Object.values(SLOTS).map(slot),
    ],
  };
}
