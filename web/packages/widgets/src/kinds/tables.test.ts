import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { expect, test } from 'vitest';
import { worstFirst } from './tables.tsx';

const row = (code: string, state: Indicator['state'], domain = 'A') =>
  ({ code, state, domain }) as unknown as Indicator;
const rows = [
  row('A01', 'normal'),
  row('A02', 'attention'),
  row('A03', 'stale'),
  row('B01', 'alarm', 'B'),
  row('A04', 'warning'),
];
const codes = (filter: Record<string, unknown>, limit = 9) =>
  worstFirst(rows, filter, limit).map(({ code }) => code);

test('the worst comes first, and what has no grade last', () => {
  expect(codes({})).toEqual(['B01', 'A04', 'A02', 'A01', 'A03']);
  expect(codes({}, 2)).toEqual(['B01', 'A04']);
});

test('only what is out of bounds, so far or farther', () => {
  expect(codes({ at_least: 'attention' })).toEqual(['B01', 'A04', 'A02']);
  expect(codes({ at_least: 'warning', domain: 'A' })).toEqual(['A04']);
  expect(codes({ at_least: 'alarm', domain: 'A' })).toEqual([]);
});
