import { expect, it } from 'vitest';
import { stepMs, toChartPoints } from './series-points.ts';

it('marks what is not to be believed', () => {
  const points = toChartPoints([
    { t: 0, v: 1, quality: 'good' },
    { t: 1, v: 99, quality: 'out_of_range' },
    { t: 2, v: 2, quality: 'manual' },
    { t: 3, v: 3, min: 1, max: 4, n: 9 },
  ]);
  expect(points.map((point) => point.isDoubted)).toEqual([false, true, false, false]);
  expect(points[3]).toMatchObject({ min: 1, max: 4 });
});

it('knows how far means are apart', () => {
  expect(stepMs('hour')).toBe(3_600_000);
  expect(stepMs(null)).toBeUndefined();
});
