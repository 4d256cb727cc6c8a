import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { expect, it } from 'vitest';
import { breachedOf, chosen, filterOf, nextSort } from './filters.ts';

const row = (code: string, over: Partial<Indicator> = {}): Indicator => ({
  code,
  name: { zh: '按时办结率', en: 'Closed in time' },
  domain: code.slice(0, 1),
  unit: '%',
  precision: 1,
  direction: 'higher_is_better',
  owner: 'coc',
  source: { zh: '' },
  state: 'normal',
  trend: [],
  version: 1,
  verified: false,
  ...over,
});

const codes = (rows: Indicator[]) => rows.map((one) => one.code);
const nameOf = (code: string) => (code === 'coc' ? '城运中心' : code);

it('puts the worst first, and of the same grade what began last', () => {
  const rows = [
    row('A1', { state: 'stale' }),
    row('A2', { state: 'warning', since: '2026-11-26T01:00:00Z' }),
    row('A3', { state: 'alarm' }),
    row('A4', { state: 'warning', since: '2026-11-26T02:00:00Z' }),
    row('A5'),
  ];
  expect(codes(chosen(rows, filterOf({}), nameOf))).toEqual(['A3', 'A4', 'A2', 'A5', 'A1']);
  expect(codes(breachedOf(rows))).toEqual(['A3', 'A4', 'A2']);
});

it('finds by code, words, owner and initials', () => {
  const rows = [row('G06'), row('A01', { name: { zh: '1小时降雨量' }, owner: 'slj' })];
  const found = (q: string) => codes(chosen(rows, filterOf({ q }), nameOf));
  expect(found('g06')).toEqual(['G06']);
  expect(found('降雨')).toEqual(['A01']);
  expect(found('closed')).toEqual(['G06']);
  expect(found('城运')).toEqual(['G06']);
  expect(found('bjl')).toEqual(['G06']);
  expect(found('1xs')).toEqual(['A01']);
  expect(found('zzz')).toEqual([]);
});

it('sorts both ways, with what has no number last', () => {
  const rows = [row('A1', { value: 2 }), row('A2'), row('A3', { value: 9 }), row('A4', { value: -1 })];
  expect(codes(chosen(rows, filterOf({ sort: 'value' }), nameOf))).toEqual(['A4', 'A1', 'A3', 'A2']);
  expect(codes(chosen(rows, filterOf({ sort: '-value' }), nameOf))).toEqual(['A3', 'A1', 'A4', 'A2']);
});

it('takes several filters from the address, and no state that is none', () => {
  const filter = filterOf({ state: 'alarm,blue,stale', domain: 'A,B', verified: 'no', sort: 'blue' });
  expect(filter.states).toEqual(['alarm', 'stale']);
  expect(filter.domains).toEqual(['A', 'B']);
  expect([filter.verified, filter.sort]).toEqual([false, 'state']);
});

it('turns a column up, down and off', () => {
  expect(nextSort({}, 'age')).toBe('age');
  expect(nextSort({ sort: 'age' }, 'age')).toBe('-age');
  expect(nextSort({ sort: '-age' }, 'age')).toBeUndefined();
});
