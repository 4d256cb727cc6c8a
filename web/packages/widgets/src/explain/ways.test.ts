import type { Behind } from '@yiwang/api/types/vitals.ts';
import { expect, it } from 'vitest';
import { waysOf } from './ways.ts';

const behind = (change: Partial<Behind>): Behind => ({
  kind: 'cases',
  area: '320281',
  path: '/api/v1/incidents',
  filter: { area: ['320281'] },
  codes: [],
  ...change,
});
const casesAt = (query: Record<string, unknown>) => ({
  to: '/incidents',
  search: Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, value === undefined ? undefined : String(value)]),
  ),
});

it('leads to the cases that were counted', () => {
  const filter = { area: ['320281'], source: ['hotline', 'citizen'], open: ['true'], light: ['red'] };
  expect(waysOf(behind({ filter }), undefined, casesAt)).toMatchObject([
    {
      kind: 'cases',
      way: { to: '/incidents', search: { source: 'hotline,citizen', light: 'red', open: 'true' } },
    },
  ]);
});

it('has a way for each item where there are several', () => {
  const filter = { item: ['A01', 'A02'] };
  expect(waysOf(behind({ filter }), undefined, casesAt).map((found) => found.note)).toEqual(['A01', 'A02']);
});

it('leads to devices, alarms and the numbers that it is made of', () => {
  const devices = waysOf(
    behind({ kind: 'devices', filter: { profile: ['rain-gauge', 'water-level'] } }),
    undefined,
    casesAt,
  );
  expect(devices[0]?.way).toEqual({
    to: '/devices',
    search: { profile: 'rain-gauge,water-level', area: undefined },
  });
  const parts = waysOf(behind({ kind: 'indicators', codes: ['G01', 'G/2'] }), '320281001', casesAt);
  expect(parts.map(({ way }) => way.to)).toEqual(['/vitals/indicators/G01', '/vitals/indicators/G%2F2']);
  expect(waysOf(behind({ kind: 'nothing' }), undefined, casesAt)).toEqual([]);
});
