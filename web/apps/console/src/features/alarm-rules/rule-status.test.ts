import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { expect, it } from 'vitest';
import { statusOf, withdrawable } from './rule-status.ts';

const now = Date.parse('2026-11-26T00:00:00Z');
const version = (change: Partial<AlarmRule>) =>
  ({ is_current: false, valid_from: '2026-11-01T00:00:00Z', origin: 'pack', ...change }) as AlarmRule;

it('says where a version stands', () => {
  expect(statusOf(version({ is_current: true }), now)).toBe('inForce');
  expect(statusOf(version({ overridden_by: 3 }), now)).toBe('overridden');
  expect(statusOf(version({ valid_from: '2026-12-01T00:00:00Z' }), now)).toBe('scheduled');
  expect(statusOf(version({ withdrawn_at: '2026-11-02T00:00:00Z', is_current: true }), now)).toBe(
    'withdrawn',
  );
  expect(statusOf(version({}), now)).toBe('replaced');
});

it('lets only what the city published be taken back', () => {
  const pack = version({ is_current: true });
  const local = version({ is_current: true, origin: 'local' });
  expect(withdrawable([pack], now)).toBeUndefined();
  expect(withdrawable([pack, local], now)).toBe(local);
});
