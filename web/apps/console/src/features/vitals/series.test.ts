import type { VitalGrade, VitalPoint } from '@yiwang/api/types/vitals.ts';
import { expect, it } from 'vitest';
import { gradeBands, limitLines, pointsOf } from './series.ts';

const START = Date.parse('2026-11-26T00:00:00Z');
const point = (minute: number, grade: VitalGrade, over: Partial<VitalPoint> = {}): VitalPoint => ({
  at: new Date(START + minute * 60_000).toISOString(),
  value: minute,
  grade,
  version: 1,
  ...over,
});
const minutes = (at: number) => (at - START) / 60_000;

it('joins what has one grade to one stretch, up to now', () => {
  const points = [point(0, 'normal'), point(5, 'warning'), point(10, 'warning'), point(15, 'alarm')];
  const bands = gradeBands(points, 300_000, START + 18 * 60_000);
  expect(bands.map(({ from, to, tone }) => [minutes(from), minutes(to), tone])).toEqual([
    [5, 15, 'warn'],
    [15, 18, 'bad'],
  ]);
});

it('does not carry a grade over a silence', () => {
  const bands = gradeBands([point(0, 'attention'), point(120, 'attention')], 300_000, START + 121 * 60_000);
  expect(bands.map(({ from, to }) => [minutes(from), minutes(to)])).toEqual([
    [0, 15],
    [120, 121],
  ]);
});

it('draws what is usual around the values where it is known', () => {
  expect(pointsOf([point(0, 'normal', { usual: 10, spread: 2 }), point(5, 'normal')])).toEqual([
    { t: START, v: 0, min: 6, max: 14 },
    { t: START + 300_000, v: 5 },
  ]);
});

it('draws limits of the value, and none of a deviation', () => {
  const limits = {
    attention: { op: '<', value: 95 },
    alarm: { op: 'outside', value: [80, 120] },
  } as const;
  const lines = limitLines(
    { attention: limits.attention, alarm: { op: 'outside', value: [80, 120] } },
    (one) => one,
  );
  expect(lines).toEqual([
    { name: 'alarm', value: 80, tone: 'bad' },
    { name: 'alarm', value: 120, tone: 'bad' },
    { name: 'attention', value: 95, tone: 'watch' },
  ]);
  expect(limitLines({ on: 'deviation', attention: limits.attention }, (one) => one)).toEqual([]);
});
