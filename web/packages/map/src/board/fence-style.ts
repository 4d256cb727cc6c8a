import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { FONT } from '../city-style.ts';
import { boundsOfPlaces, circleAround, type Place, placesOf } from './geodesy.ts';

export const FENCE_SOURCE = 'fences';
/** Metres of a pixel at zoom 0 on the equator, with tiles of 512 pixels. */
const PIXEL_M = 78_271.517;
const ZOOM_END = 24;

/** Everything within so many metres of a way is drawn as a line that is so wide. */
const wayWidth: ExpressionSpecification = [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  0,
  ['get', 'width'],
  ZOOM_END,
  ['*', ['get', 'width'], 2 ** ZOOM_END],
];

export function fenceLayers(theme: Theme): LayerSpecification[] {
  const token = themes[theme];
  const color: ExpressionSpecification = ['case', ['get', 'isOn'], token.warn, token.lightNone];
  const isWay: ExpressionSpecification = ['has', 'width'];
  return [
    {
      id: 'fences:fill',
      type: 'fill',
      source: FENCE_SOURCE,
      filter: ['!', isWay],
      paint: { 'fill-color': color, 'fill-opacity': ['case', ['get', 'isOn'], 0.14, 0.06] },
    },
    {
      id: 'fences:line',
      type: 'line',
      source: FENCE_SOURCE,
      filter: isWay,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': color, 'line-width': wayWidth, 'line-opacity': 0.2 },
    },
    {
      id: 'fences-border',
      type: 'line',
      source: FENCE_SOURCE,
      paint: { 'line-color': color, 'line-width': 2, 'line-dasharray': [3, 1.5] },
    },
    {
      id: 'fences-name',
      type: 'symbol',
      source: FENCE_SOURCE,
      minzoom: 10,
      layout: {
        'text-field': ['get', 'title'],
        'text-font': FONT,
        'text-size': 12,
        'symbol-placement': 'point',
        'text-max-width': 8,
      },
      paint: { 'text-color': color, 'text-halo-color': token.mapHalo, 'text-halo-width': 1.8 },
    },
  ];
}

export type Ground =
  | { kind: 'polygon'; coordinates: Place[][][] }
  | { kind: 'circle'; centre: Place; radius_m: number }
  | { kind: 'corridor'; lines: Place[][]; half_width_m: number };

/** The ground of a fence as the map draws it; a corridor is its ways. */
export function groundGeometry(ground: Ground): GeoJSON.Geometry {
  if (ground.kind === 'polygon') return { type: 'MultiPolygon', coordinates: ground.coordinates };
  if (ground.kind === 'corridor') return { type: 'MultiLineString', coordinates: ground.lines };
  const ring = circleAround(ground.centre, ground.radius_m);
  return { type: 'Polygon', coordinates: [[...ring, ring[0] as Place]] };
}

export interface BoardFence {
  id: string;
  name: string;
  isOn: boolean;
  ground: Ground;
  /** What else the list tells of it. */
  facts: Record<string, unknown>;
}

export function fenceFeature({ id, name, isOn, ground, facts }: BoardFence): GeoJSON.Feature {
  const geometry = groundGeometry(ground);
  const properties: Record<string, unknown> = { ...facts, id, title: name, isOn };
  if (ground.kind === 'corridor') {
    const [, south, , north] = boundsOfPlaces(placesOf(geometry));
    const metres = PIXEL_M * Math.cos((((south + north) / 2) * Math.PI) / 180);
    properties.width = (2 * ground.half_width_m) / metres;
  }
  return { type: 'Feature', geometry, properties };
}
