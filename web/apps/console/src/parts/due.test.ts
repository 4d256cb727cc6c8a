import { expect, it } from 'vitest';
import { dueNow } from './due.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

it('is red as soon as the time is up', () => {
  expect(dueNow('2026-11-23T07:59:00Z', 'orange', now)).toMatchObject({
    light: 'red',
    over: true,
    ms: -60_000,
  });
  expect(dueNow('2026-11-23T08:30:00Z', 'orange', now)).toMatchObject({
    light: 'orange',
    over: false,
    late: false,
  });
  expect(dueNow(null, 'none', now)).toBeUndefined();
});

it('tells that something is late already although the next thing is not', () => {
  expect(dueNow('2026-11-23T08:30:00Z', 'red', now)).toMatchObject({ light: 'red', over: false, late: true });
});
