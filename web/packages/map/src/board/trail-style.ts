import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { LayerSpecification } from 'maplibre-gl';
import { FONT } from '../city-style.ts';

export const TRAIL_SOURCE = 'trail';

/** Where something went, with times along it and the places where it stood. */
export function trailLayers(theme: Theme): LayerSpecification[] {
  const token = themes[theme];
  return [
    {
      id: 'trail-halo',
      type: 'line',
      source: TRAIL_SOURCE,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': token.mapHalo, 'line-width': 6, 'line-opacity': 0.9 },
    },
    {
      id: 'trail-line',
      type: 'line',
      source: TRAIL_SOURCE,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': token.accent, 'line-width': 3 },
    },
    {
      id: 'trail-point',
      type: 'circle',
      source: TRAIL_SOURCE,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': ['match', ['get', 'what'], 'stop', 6, 3.5],
        'circle-color': ['match', ['get', 'what'], 'stop', token.lightOrange, token.mapHalo],
        'circle-stroke-color': ['match', ['get', 'what'], 'stop', token.mapHalo, token.accent],
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'trail-time',
      type: 'symbol',
      source: TRAIL_SOURCE,
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'text-field': ['get', 'label'],
        'text-font': FONT,
        'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 0.7,
        'text-padding': 4,
      },
      paint: {
        'text-color': ['match', ['get', 'what'], 'stop', token.lightOrange, token.text],
        'text-halo-color': token.mapHalo,
        'text-halo-width': 1.6,
      },
    },
  ];
}
