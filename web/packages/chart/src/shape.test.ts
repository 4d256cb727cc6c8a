import { expect, it } from 'vitest';
import { bandAt, extentOf, numberWords, shapeOf, usualStep } from './shape.ts';

const MINUTE = 60_000;
const at = (minute: number, v: number | null) => ({ t: minute * MINUTE, v });

it('breaks the line where nothing came for long', () => {
  const points = [at(0, 1), at(1, 2), at(2, 3), at(30, 4), at(31, 5)];
  expect(usualStep(points)).toBe(MINUTE);
  expect(shapeOf(points).line.map(([, value]) => value)).toEqual([1, 2, 3, null, 4, 5]);
});

it('sees no gap where an instrument only speaks less often', () => {
  const minutes = [0, 1, 2, 3, 4, 8, 12, 16];
  const shaped = shapeOf(minutes.map((minute) => at(minute, minute)));
  expect(shaped.line.map(([, value]) => value)).toEqual(minutes);
  expect(shapeOf([at(0, 1), at(60, 2), at(120, 3)], MINUTE).line).toHaveLength(3);
});

it('finds the points that stand alone', () => {
  const shaped = shapeOf([at(0, 1), at(1, 2), at(30, 3), at(59, 4), at(60, 5)], MINUTE);
  expect(shaped.alone).toEqual([]);
  const lone = shapeOf([at(0, 1), at(1, 2), at(2, 2), at(30, 3)]);
  expect(lone.alone).toEqual([[30 * MINUTE, 3]]);
  expect(shapeOf([at(5, 1)]).alone).toHaveLength(1);
});

it('draws no band for single values, and one for means', () => {
  expect(shapeOf([at(0, 1)]).low).toEqual([]);
  const shaped = shapeOf([
    { t: 0, v: 2, min: 1, max: 4 },
    { t: MINUTE, v: 3, min: null, max: null },
  ]);
  expect(shaped.low).toEqual([
    [0, 1],
    [MINUTE, 3],
  ]);
  expect(shaped.high).toEqual([
    [0, 3],
    [MINUTE, 0],
  ]);
});

it('keeps doubted values out of the line', () => {
  const shaped = shapeOf([at(0, 1), { ...at(1, 99), isDoubted: true }, at(2, 2), at(3, null)]);
  expect(shaped.line).toEqual([
    [0, 1],
    [2 * MINUTE, 2],
  ]);
  expect(shaped.doubted).toEqual([[MINUTE, 99]]);
});

it('shows thresholds, and nothing below nothing for what cannot be negative', () => {
  expect(extentOf([])).toBeUndefined();
  expect(extentOf([at(0, 0), at(1, 10)], [20])).toEqual({ min: 0, max: 21.6 });
  expect(extentOf([at(0, 5)])).toEqual({ min: 4.6, max: 5.4 });
});

it('says numbers without a tail', () => {
  expect([0.41859999999999997, 3.482, 102.04, 9999.6, 0, -0.0001].map(numberWords)).toEqual([
    '0.419',
    '3.48',
    '102',
    '10000',
    '0',
    '0',
  ]);
});

it('finds the band that is meant by a click, however narrow it is', () => {
  const bands = [
    { id: 'long', from: 0, to: 1000 },
    { id: 'short', from: 400, to: 410 },
  ];
  expect(bandAt(bands, 405, 20)?.id).toBe('short');
  expect(bandAt(bands, 700, 20)?.id).toBe('long');
  expect(bandAt(bands, 1010, 20)?.id).toBe('long');
  expect(bandAt(bands, 1100, 20)).toBeUndefined();
});
