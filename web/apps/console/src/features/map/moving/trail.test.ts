import type { Trail } from '@yiwang/api/types/moving.ts';
import { expect, it } from 'vitest';
import { ticksOf, trailFeatures } from './trail.ts';

const trail: Trail = {
  from: '2026-11-26T08:02:00Z',
  until: '2026-11-26T08:12:00Z',
  points: [
    [120, 31, 0, 20],
    [120.1, 31, 300, 30],
    [120.2, 31, 600, null],
  ],
  stops: [{ from: '2026-11-26T08:06:00Z', until: '2026-11-26T08:07:00Z', lon: 120.1, lat: 31 }],
  length_km: 10,
  mean_kmh: 30,
  max_kmh: 40,
};
const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

it('times along a way are round, where it was about then', () => {
  const ticks = ticksOf([trail], 1);
  expect(ticks.map(({ at }) => clock(at))).toEqual(['08:02', '08:05', '08:10']);
  expect(ticks[1]?.lon).toBeCloseTo(120.06, 9);
  expect(ticks[1]?.kmh).toBe(30);
  expect(ticks[2]?.lon).toBeCloseTo(120.16, 9);
  expect(ticksOf([trail], 24)).toHaveLength(1);
  expect(ticksOf([{ ...trail, points: [] }], 1)).toEqual([]);
});

it('a way is a line, its times and stops are points with words', () => {
  const words = {
    time: clock,
    stop: (from: string, until: string) => `${from.slice(11, 16)}-${until.slice(11, 16)}`,
  };
  const { features } = trailFeatures([trail], ticksOf([trail], 1), words);
  expect(features.map(({ geometry }) => geometry.type)).toEqual([
    'LineString',
    'Point',
    'Point',
    'Point',
    'Point',
  ]);
  expect(features.at(-1)?.properties).toEqual({ what: 'stop', label: '08:06-08:07' });
});
