import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { Map as GlMap, LayerSpecification } from 'maplibre-gl';
import { fenceLayers } from './fence-style.ts';
import { addMoverPictures, moverLayer } from './moving-layer.ts';
import { pictureOf, RATIO } from './picture.ts';
import { trailLayers } from './trail-style.ts';

/** Cases and alarms lie above the layers; what is chosen and what is being drawn above all. */
export const TOP_SOURCES = ['alarms', 'cases', 'trail', 'marked', 'sketch'] as const;

const LIGHTS = ['red', 'orange', 'yellow', 'green', 'none'] as const;
const GRADES = ['I', 'II', 'III', 'IV'] as const;
// The shapes that the console draws lights in everywhere.
const SHAPES: Record<(typeof LIGHTS)[number], string> = {
  red: 'M2 2h12v12H2z',
  orange: 'M8 1l7 7-7 7-7-7z',
  yellow: 'M8 1.5l7 13H1z',
  green: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
  none: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
};
const SIDE = 20;
const SHAPE_SCALE = 0.72;

const drawn = (draw: (pen: CanvasRenderingContext2D) => void) => pictureOf(SIDE, draw);

/** A badge with the light's shape in it: a case is told from a thing of a layer at a glance. */
function lightImage(light: (typeof LIGHTS)[number], color: string, halo: string) {
  return drawn((pen) => {
    pen.beginPath();
    pen.arc(SIDE / 2, SIDE / 2, SIDE / 2 - 1.2, 0, 2 * Math.PI);
    pen.fillStyle = halo;
    pen.fill();
    pen.strokeStyle = color;
    pen.lineWidth = 1.8;
    pen.stroke();
    pen.translate(SIDE / 2 - 8 * SHAPE_SCALE, SIDE / 2 - 8 * SHAPE_SCALE);
    pen.scale(SHAPE_SCALE, SHAPE_SCALE);
    const shape = new Path2D(SHAPES[light]);
    if (light === 'none') pen.stroke(shape);
    else {
      pen.fillStyle = color;
      pen.fill(shape);
    }
  });
}

/** An octagon with the severity in it. */
function alarmImage(word: string, color: string, halo: string) {
  return drawn((pen) => {
    const shape = new Path2D('M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z');
    pen.fillStyle = color;
    pen.fill(shape);
    pen.strokeStyle = halo;
    pen.lineWidth = 1.5;
    pen.stroke(shape);
    pen.fillStyle = halo;
    pen.font = 'bold 9px sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(word, SIDE / 2, SIDE / 2 + 0.5);
  });
}

/** The pictures of lights and severities, in the theme's colours. */
export function addPictures(map: GlMap, theme: Theme): void {
  const token = themes[theme];
  const lights = {
    red: token.lightRed,
    orange: token.lightOrange,
    yellow: token.lightYellow,
    green: token.lightGreen,
    none: token.lightNone,
  };
  const severities = {
    I: token.lightRed,
    II: token.lightOrange,
    III: token.lightYellow,
    IV: token.accent,
  };
  for (const light of LIGHTS) {
    const image = lightImage(light, lights[light], token.mapHalo);
    if (image) map.addImage(`light-${light}`, image, { pixelRatio: RATIO });
  }
  for (const grade of GRADES) {
    const image = alarmImage(grade, severities[grade], token.mapHalo);
    if (image) map.addImage(`severity-${grade}`, image, { pixelRatio: RATIO });
  }
  addMoverPictures(map, theme);
}

/** The worst lie on top, and of those the newest. */
const pictured = (id: string): LayerSpecification => ({
  id,
  type: 'symbol',
  source: id,
  layout: {
    'icon-image': ['get', 'picture'],
    // What is in time is smaller: the eye goes to what is not.
    'icon-size': [
      'interpolate',
      ['linear'],
      ['zoom'],
      9,
      ['match', ['get', 'picture'], ['light-green', 'light-none'], 0.42, 0.85],
      13,
      ['match', ['get', 'picture'], ['light-green', 'light-none'], 0.7, 1],
      16,
      1.1,
    ],
    'icon-allow-overlap': true,
    'icon-ignore-placement': true,
    'symbol-sort-key': ['get', 'order'],
  },
});

export const topLayers = (theme: Theme): LayerSpecification[] => [
  ...fenceLayers(theme),
  ...trailLayers(theme),
  pictured('cases'),
  moverLayer(theme),
  pictured('alarms'),
  ...handLayers(theme),
];

/** What is chosen, and what is being drawn. */
function handLayers(theme: Theme): LayerSpecification[] {
  const token = themes[theme];
  return [
    {
      id: 'marked-fill',
      type: 'fill',
      source: 'marked',
      paint: { 'fill-color': token.accent, 'fill-opacity': 0.12 },
    },
    {
      id: 'marked-line',
      type: 'line',
      source: 'marked',
      paint: { 'line-color': token.accent, 'line-width': 4, 'line-opacity': 0.8 },
    },
    {
      id: 'marked-point',
      type: 'circle',
      source: 'marked',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 13,
        'circle-color': token.accent,
        'circle-opacity': 0.12,
        'circle-stroke-color': token.accent,
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'sketch-fill',
      type: 'fill',
      source: 'sketch',
      paint: { 'fill-color': token.lightOrange, 'fill-opacity': 0.12 },
    },
    {
      id: 'sketch-line',
      type: 'line',
      source: 'sketch',
      paint: { 'line-color': token.lightOrange, 'line-width': 2.5, 'line-dasharray': [2, 1.2] },
    },
    {
      id: 'sketch-point',
      type: 'circle',
      source: 'sketch',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 4.5,
        'circle-color': token.mapHalo,
        'circle-stroke-color': token.lightOrange,
        'circle-stroke-width': 2.5,
      },
    },
  ];
}
