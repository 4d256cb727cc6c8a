import type { EarlyScore, EarlyTrust, EarlyWarning } from '@yiwang/api/types/vitals.ts';
import { describe, expect, it } from 'vitest';
import { nextTrustSort, recordOf, sorted } from './trust.ts';
import { openOf, warningsOf, wayOf } from './warnings.ts';

const warning = (id: string, more: Partial<EarlyWarning>): EarlyWarning => ({
  ...{ id, indicator: 'B01', name: { zh: id }, unit: '', area: '320281', grade: 'warning' },
  ...{ at: '2026-11-26T08:00:00Z', value: 1, limit: 2, expected_at: '2026-11-26T12:00:00Z' },
  ...{ outcome: 'pending', ...more },
});
const ids = (warnings: readonly EarlyWarning[]) => warnings.map(({ id }) => id).join(' ');

it('what is about to cross comes the nearest first, what is decided the newest first', () => {
  const all = [
    warning('passed', { expected_at: '2026-11-26T08:10:00Z' }),
    warning('late', { expected_at: '2026-11-26T20:00:00Z' }),
    warning('right', { outcome: 'right', at: '2026-11-25T08:00:00Z' }),
    warning('soon', { expected_at: '2026-11-26T09:00:00Z' }),
    warning('vain', { outcome: 'false', at: '2026-11-25T20:00:00Z' }),
  ];
  const now = Date.parse('2026-11-26T08:30:00Z');
  expect(ids(openOf(all, now))).toBe('soon late passed');
  expect(ids(warningsOf(all, 'past', now))).toBe('vain right');
  expect(ids(warningsOf(all, 'all', now))).toBe('soon late passed vain right');
});

it('a limit below what was known is crossed by falling', () => {
  expect(wayOf({ value: 92, limit: 95 })).toBe('rises');
  expect(wayOf({ value: 92, limit: 90 })).toBe('falls');
  expect(wayOf({ value: 95, limit: 95 })).toBe('crosses');
});

const score = (right: number, vain: number, more: Partial<EarlyScore> = {}): EarlyScore => ({
  ...{ right, false_alarms: vain, pending: 0, found: right, missed: 0 },
  false_alarm_rate: right + vain > 0 ? vain / (right + vain) : null,
  ...{ recall: right > 0 ? 1 : null, lead_minutes: right > 0 ? 60 : null, ...more },
});
const trust = (indicator: string, tried: EarlyScore | null, given = score(0, 0)): EarlyTrust => ({
  ...{ indicator, name: { zh: indicator }, given, tried },
});
const codes = (rows: readonly EarlyTrust[]) => rows.map(({ indicator }) => indicator).join(' ');

describe('how far warnings can be trusted', () => {
  const rows = [
    trust('A1', score(1, 0)),
    trust('B1', score(30, 10)),
    trust('C1', null),
    trust('D1', score(45, 5)),
    trust('E1', score(0, 0)),
  ];

  it('none in vain of one is not better than five of fifty', () => {
    expect(codes(sorted(rows, 'tried', 'false'))).toBe('D1 B1 A1 C1 E1');
    expect(codes(sorted(rows, 'tried', '-false'))).toBe('B1 D1 A1 C1 E1');
  });

  it('is sorted by how much it rests on where nothing is asked, and by code', () => {
    expect(codes(sorted(rows, 'tried', '-cases'))).toBe('D1 B1 A1 E1 C1');
    expect(codes(sorted(rows, 'tried', undefined))).toBe('D1 B1 A1 E1 C1');
    expect(codes(sorted(rows, 'tried', 'code'))).toBe('A1 B1 C1 D1 E1');
    expect(codes(sorted(rows, 'tried', '-code'))).toBe('E1 D1 C1 B1 A1');
    expect(nextTrustSort('-cases', 'lead')).toBe('lead');
    expect(nextTrustSort('lead', 'lead')).toBe('-lead');
    expect(nextTrustSort('-lead', 'lead')).toBeUndefined();
  });

  it('goes by what was really given where that is enough, else by the trial, else by nothing', () => {
    expect(recordOf(trust('x', score(30, 10), score(9, 3)))?.basis).toBe('given');
    expect(recordOf(trust('x', score(30, 10), score(2, 0)))?.basis).toBe('tried');
    expect(recordOf(trust('x', null, score(2, 0)))?.basis).toBe('given');
    expect(recordOf(trust('x', score(0, 0)))).toBeUndefined();
    expect(recordOf(undefined)).toBeUndefined();
  });
});
