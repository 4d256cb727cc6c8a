import { expect, it } from 'vitest';
import { dueNow } from './due.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

it('is red as soon as the time is up', () => {
  expect(dueNow('2026-11-23T07:59:00Z', 'orange', now)).toEqual({ light: 'red', over: true, ms: -60_000 });
  expect(dueNow('2026-11-23T08:30:00Z', 'orange', now)).toEqual({
    light: 'orange',
    over: false,
    ms: 1_800_000,
  });
  expect(dueNow(null, 'none', now)).toBeUndefined();
});
