import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { StyleSpecification } from 'maplibre-gl';

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
// No glyphs in the style: labels are drawn from the fonts of the machine, so nothing is fetched.
export const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei'];

/** The city as outlines, points by light, and the one place that is meant. */
export function cityStyle(theme: Theme): StyleSpecification {
  const token = themes[theme];
  const source = () => ({ type: 'geojson' as const, data: EMPTY });
  return {
    version: 8,
    sources: { areas: source(), labels: source(), points: source(), marker: source() },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': token.bg } },
      { id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': token.mapLand } },
      {
        id: 'area-lines',
        type: 'line',
        source: 'areas',
        paint: {
          'line-color': token.mapLine,
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.8, 14, 1.6],
        },
      },
      {
        id: 'labels',
        type: 'symbol',
        source: 'labels',
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12, 'text-max-width': 7 },
        paint: { 'text-color': token.mapLabel, 'text-halo-color': token.mapHalo, 'text-halo-width': 1.2 },
      },
      {
        id: 'points',
        type: 'circle',
        source: 'points',
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 3, 14, 6],
          'circle-color': [
            'match',
            ['get', 'light'],
            'red',
            token.lightRed,
            'orange',
            token.lightOrange,
            'yellow',
            token.lightYellow,
            'green',
            token.lightGreen,
            token.lightNone,
          ],
          'circle-stroke-color': token.mapHalo,
          'circle-stroke-width': 1,
        },
      },
      {
        id: 'marker',
        type: 'circle',
        source: 'marker',
        paint: {
          'circle-radius': 9,
          'circle-color': token.accent,
          'circle-opacity': 0.25,
          'circle-stroke-color': token.accent,
          'circle-stroke-width': 2.5,
        },
      },
    ],
  };
}
