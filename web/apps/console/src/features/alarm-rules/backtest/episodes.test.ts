import type { BacktestEpisode } from '@yiwang/api/types/alarm-rule.ts';
import { expect, it } from 'vitest';
import { bandsOf, episodeKey, leadOf, linesOf } from './episodes.ts';

const episode = (change: Partial<BacktestEpisode>): BacktestEpisode => ({
  device: 'P1',
  began_at: '2026-11-20T00:00:00Z',
  raised_at: '2026-11-20T00:02:00Z',
  cleared_at: '2026-11-20T01:00:00Z',
  severity: 'III',
  condition: 'depth >= slow',
  readings: [
    { name: 'depth', value: 0.2 },
    { name: 'slow', value: 0.15 },
  ],
  ...change,
});

it('draws alarms as stretches, the open one up to the end', () => {
  const [first, last] = [
    episode({}),
    episode({ raised_at: '2026-11-20T03:00:00Z', cleared_at: null, severity: 'I' }),
  ];
  const bands = bandsOf([first, last], '2026-11-20T04:00:00Z', episodeKey(last));
  expect(bands.map(({ from, to, tone, isChosen }) => [to - from, tone, isChosen])).toEqual([
    [58 * 60_000, 'warn', false],
    [60 * 60_000, 'bad', true],
  ]);
});

it('draws each threshold once, over its own property only', () => {
  const all = [episode({}), episode({}), episode({ condition: 'depth >= 0.5' })];
  expect(linesOf(all, 'depth')).toEqual([
    { name: 'slow', value: 0.15 },
    { name: '0.5', value: 0.5 },
  ]);
  expect(linesOf(all, 'rain')).toEqual([]);
});

it('says before and after', () => {
  expect([leadOf(90), leadOf(-90)]).toEqual([
    { key: 'lead', ms: 90_000 },
    { key: 'lag', ms: 90_000 },
  ]);
});
