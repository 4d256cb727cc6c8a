import { describe, expect, it } from 'vitest';
import {
  areaOf,
  boundsOfPlaces,
  circleAround,
  distance,
  isInside,
  lengthOf,
  type Place,
  placesOf,
  rectangleOf,
  tilesOver,
  touches,
} from './geodesy.ts';

const near = (value: number, wanted: number, part: number) =>
  expect(Math.abs(value - wanted) / wanted).toBeLessThan(part);

describe('lengths and areas', () => {
  it('a degree of latitude is 111.2 km, of longitude less', () => {
    near(distance([120, 31], [120, 32]), 111_195, 0.001);
    near(distance([120, 31.9], [121, 31.9]), 111_195 * Math.cos((31.9 * Math.PI) / 180), 0.001);
    near(
      lengthOf([
        [120, 31],
        [120, 32],
        [120, 33],
      ]),
      222_390,
      0.001,
    );
  });

  it('a circle has the area that its radius says', () => {
    const ring = circleAround([120.28, 31.9], 1000);
    near(areaOf(ring), Math.PI * 1_000_000, 0.003);
    for (const place of ring) near(distance([120.28, 31.9], place), 1000, 0.0001);
  });

  it('a ring counts the same whichever way round', () => {
    const ring = rectangleOf([120, 31], [120.01, 31.01]);
    near(areaOf([...ring].reverse()), areaOf(ring), 1e-9);
    near(areaOf(ring), distance([120, 31], [120, 31.01]) * distance([120, 31.005], [120.01, 31.005]), 0.001);
  });
});

describe('a region', () => {
  const ring = rectangleOf([120, 31], [121, 32]);

  it('holds what is inside', () => {
    expect(isInside([120.5, 31.5], ring)).toBe(true);
    expect(isInside([121.5, 31.5], ring)).toBe(false);
  });

  it('is touched by a line that only crosses it', () => {
    const crossing: Place[] = [
      [119.5, 31.5],
      [121.5, 31.6],
    ];
    expect(touches(crossing, ring)).toBe(true);
    expect(touches([crossing[0] as Place, [119.6, 33]], ring)).toBe(false);
  });

  it('is covered by tiles, unless they are too many', () => {
    expect(tilesOver(boundsOfPlaces([[120.28, 31.87]]), 14, 1)).toEqual([{ z: 14, x: 13666, y: 6660 }]);
    expect(tilesOver([120, 31, 121, 32], 15, 100)).toBeUndefined();
  });
});

it('all places of a geometry', () =>
  expect(
    placesOf({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [[[5, 6]]],
      ],
    }),
  ).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]));
