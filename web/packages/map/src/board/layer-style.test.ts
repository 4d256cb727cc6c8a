import { describe, expect, it } from 'vitest';
import { type BoardLayer, groundStyle, layerStyle, SLOTS, stateColor, tilesAddress } from './layer-style.ts';
import { topLayers } from './top-style.ts';

const layer: BoardLayer = {
  code: 'component',
  geometry: 'point',
  minZoom: 8,
  maxZoom: 17,
  color: '#2f7dd1',
  isNamed: false,
  states: [
    { code: 'intact', color: '#2f9e5b' },
    { code: 'damaged', color: '#d9822b' },
  ],
};
const parts = (one: BoardLayer) => layerStyle(one, 'light').map(({ spec }) => spec.id);

describe('what a layer is drawn as', () => {
  it('points: single ones, several as one, how many', () =>
    expect(parts(layer)).toEqual(['component:cluster', 'component:point', 'component:count']));

  it('lines and areas, with a name where one is wanted', () => {
    expect(parts({ ...layer, geometry: 'line' })).toEqual(['component:line']);
    expect(parts({ ...layer, geometry: 'area', isNamed: true })).toEqual([
      'component:fill',
      'component:line',
      'component:name',
    ]);
  });

  it('names of areas come from the layer of names', () => {
    const specs = layerStyle({ ...layer, geometry: 'area', isNamed: true }, 'dark').map(({ spec }) => spec);
    expect(specs.at(-1)).toMatchObject({ 'source-layer': 'component-label', type: 'symbol' });
  });

  it('takes the colour of the state, and that of the layer where a state has none', () => {
    expect(stateColor(layer, '#000')).toEqual([
      'match',
      ['get', 'state'],
      'intact',
      '#2f9e5b',
      'damaged',
      '#d9822b',
      '#2f7dd1',
    ]);
    expect(stateColor({ ...layer, states: [] }, '#000')).toBe('#2f7dd1');
    expect(stateColor({ ...layer, states: [], color: undefined }, '#000')).toBe('#000');
  });

  it('a state that is not the first is told by its size, too', () => {
    const point = layerStyle(layer, 'light')[1]?.spec as { paint: Record<string, unknown> };
    expect(JSON.stringify(point.paint['circle-radius'])).toContain('"intact",3,4');
  });

  it('names of areas lie over what is open in them', () => {
    const name = layerStyle({ ...layer, geometry: 'area', isNamed: true }, 'light').at(-1);
    const top = topLayers('light').map(({ id }) => id);
    expect(top).toContain(name?.before);
    expect(top.indexOf(name?.before ?? '')).toBeGreaterThan(top.indexOf('alarms'));
  });

  it('each part is put into a slot of the ground', () => {
    const slots = groundStyle('light').layers.map(({ id }) => id);
    for (const slot of Object.values(SLOTS)) expect(slots).toContain(slot);
  });
});

it('tiles are asked for as they were at an instant', () => {
  expect(tilesAddress('http://c', 'road')).toBe('http://c/api/v1/layers/road/tiles/{z}/{x}/{y}');
  expect(tilesAddress('http://c', 'road', '2026-11-26T12:00:00.000Z')).toMatch(
    /\{y\}\?at=2026-11-26T12%3A00%3A00\.000Z$/,
  );
});
