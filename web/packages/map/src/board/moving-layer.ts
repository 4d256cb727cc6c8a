import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { GeoJSONSource, Map as GlMap, LayerSpecification } from 'maplibre-gl';
import { FONT } from '../city-style.ts';
import { pictureOf, RATIO } from './picture.ts';

/** Something that moves, as the board draws it. */
export interface BoardMover {
  id: string;
  lon: number;
  lat: number;
  /** Degrees from north; without it there is no arrow. */
  course: number | undefined;
  state: MoverState;
  name: string;
  /** How old it is, in words; empty while it is fresh. */
  age: string;
}

export const MOVER_STATES = ['moving', 'standing', 'old'] as const;
export type MoverState = (typeof MOVER_STATES)[number];

export const MOVING_SOURCE = 'moving';
const NAMES_ZOOM = 11;
const SIDE = 22;
const ARROW = 'M11 2.5l6.5 16L11 15l-6.5 3.5z';
const DOT = 'M11 5.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z';

/** An arrow that is turned by its course, or a dot where the course is not known; hollow while it stands, grey when old. */
export function addMoverPictures(map: GlMap, theme: Theme): void {
  const token = themes[theme];
  for (const state of MOVER_STATES)
    for (const [form, path] of [
      ['arrow', ARROW],
      ['dot', DOT],
    ] as const) {
      const color = state === 'old' ? token.lightNone : token.accent;
      const image = pictureOf(SIDE, (pen) => {
        const shape = new Path2D(path);
        pen.lineJoin = 'round';
        pen.strokeStyle = token.mapHalo;
        pen.lineWidth = 4;
        pen.stroke(shape);
        pen.fillStyle = state === 'standing' ? token.mapHalo : color;
        pen.fill(shape);
        pen.strokeStyle = color;
        pen.lineWidth = 1.8;
        pen.stroke(shape);
      });
      if (image) map.addImage(`mover-${state}-${form}`, image, { pixelRatio: RATIO });
    }
}

export function moverLayer(theme: Theme): LayerSpecification {
  const token = themes[theme];
  return {
    id: MOVING_SOURCE,
    type: 'symbol',
    source: MOVING_SOURCE,
    layout: {
      'icon-image': ['concat', 'mover-', ['get', 'state'], '-', ['get', 'form']],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.85, 13, 1.1, 17, 1.3],
      'icon-rotate': ['get', 'course'],
      'icon-rotation-alignment': 'map',
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'text-field': ['step', ['zoom'], '', NAMES_ZOOM, ['get', 'label']],
      'text-font': FONT,
      'text-size': 11.5,
      'text-anchor': 'top',
      'text-offset': [0, 0.9],
      'text-optional': true,
      'text-max-width': 12,
      'symbol-sort-key': ['get', 'order'],
    },
    paint: {
      'text-color': ['match', ['get', 'state'], 'old', token.dim, token.text],
      'text-halo-color': token.mapHalo,
      'text-halo-width': 1.5,
    },
  };
}

const featureOf = ({ id, lon, lat, course, state, name, age }: BoardMover): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties: {
    id,
    state,
    form: course === undefined ? 'dot' : 'arrow',
    course: course ?? 0,
    title: name,
    age,
    label: age ? `${name}\n${age}` : name,
    order: state === 'old' ? 0 : 1,
  },
});

/** Draws what changed and nothing else of it again. */
export function drawMovers(map: GlMap, changed: readonly BoardMover[], gone: readonly string[]): void {
  const source = map.getSource(MOVING_SOURCE) as GeoJSONSource | undefined;
  void source?.updateData({ add: changed.map(featureOf), remove: [...gone] });
}
