import { expect, it } from 'vitest';
import { drawnOf, meant } from './drawn.ts';
import { zoomOf } from './region.ts';
import { sketchFeatures, sketchOf } from './sketch.ts';

const point = (properties: Record<string, unknown>, id?: number) =>
  drawnOf('component', { geometry: { type: 'Point', coordinates: [120, 31] }, id, properties });

it('several drawn as one are known by where they stand', () => {
  expect(point({ state: 'intact' }, 7)).toMatchObject({ id: '7', form: 'point', count: 1 });
  expect(point({ count: 12 })).toMatchObject({ id: '~120.00000,31.00000', form: 'cluster', count: 12 });
});

it('a click means what has a place before the area that it lies in', () => {
  const area = drawnOf('town', {
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [120, 31],
          [121, 31],
          [121, 32],
          [120, 31],
        ],
      ],
    },
    id: 1,
    properties: {},
  });
  expect(area).toMatchObject({ form: 'area', lon: 120.5, lat: 31.5 });
  expect(meant([area, point({}, 7)])).toHaveLength(1);
  expect(meant([area])).toEqual([area]);
});

it('a region is read where its things are told apart', () => {
  const layer = { code: 'component', geometry: 'point' as const, minZoom: 8, maxZoom: 17 };
  expect(zoomOf({ ...layer, clusterBelow: 15 })).toBe(15);
  expect(zoomOf({ ...layer, minZoom: 13 })).toBe(13);
  expect(zoomOf({ ...layer, maxZoom: 10 })).toBe(10);
});

it('corners mean what the tool says', () => {
  expect(sketchOf('distance', [[1, 2]], false).ring).toBeUndefined();
  expect(
    sketchOf(
      'rectangle',
      [
        [1, 2],
        [3, 4],
      ],
      true,
    ).ring,
  ).toHaveLength(4);
  const polygon = sketchOf(
    'polygon',
    [
      [1, 2],
      [3, 4],
      [3, 2],
    ],
    true,
  );
  expect(sketchFeatures(polygon).features.map(({ geometry }) => geometry.type)).toEqual([
    'Point',
    'Point',
    'Point',
    'Polygon',
  ]);
});
