import { expect, it } from 'vitest';
import { fenceFeature } from './fence-style.ts';

const fence = { id: 'f', name: '围栏', isOn: true, facts: { note: 'x' } };

it('a circle is drawn as a ring that is closed', () => {
  const { geometry } = fenceFeature({
    ...fence,
    ground: { kind: 'circle', centre: [120.28, 31.91], radius_m: 200 },
  });
  const [ring] = (geometry as GeoJSON.Polygon).coordinates;
  expect(ring?.[0]).toEqual(ring?.at(-1));
});

it('a corridor is drawn as its ways, so wide as both of its sides', () => {
  const lines: [number, number][][] = [
    [
      [120, 60],
      [121, 60],
    ],
  ];
  const { geometry, properties } = fenceFeature({
    ...fence,
    ground: { kind: 'corridor', lines, half_width_m: 50 },
  });
  expect(geometry.type).toBe('MultiLineString');
  // At 60 degrees a pixel is half as many metres as at the equator.
  expect(properties?.width).toBeCloseTo(100 / (78_271.517 / 2), 8);
  expect(properties).toMatchObject({ id: 'f', title: '围栏', note: 'x' });
});
