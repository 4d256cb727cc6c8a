import { expect, it } from 'vitest';
import { fullTime, instantOf, localOf, shortTime, spanOf, weekdayOf } from './time.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

it('tells time by the clock of the city', () => {
  expect(shortTime('2026-11-23T06:05:00Z', now)).toBe('14:05');
  expect(shortTime('2026-11-21T18:30:00Z', now)).toBe('11-22 02:30');
  expect(shortTime('2025-12-31T18:00:00Z', now)).toBe('01-01 02:00');
  expect(shortTime('2025-12-31T15:00:00Z', now)).toBe('2025-12-31');
  expect(fullTime('2026-11-23T16:00:01Z')).toBe('2026-11-24 00:00:01');
});

it('says lengths in two units at most', () => {
  expect(spanOf(59 * 60_000)).toEqual({ key: 'minutes', values: { n: 59 } });
  expect(spanOf(-135 * 60_000)).toEqual({ key: 'hours', values: { h: 2, m: 15 } });
  expect(spanOf(50 * 3_600_000)).toEqual({ key: 'days', values: { d: 2, h: 2 } });
});

it('knows the weekday of a date, and takes local times for the city’s', () => {
  expect([weekdayOf('2026-11-23'), weekdayOf('2026-11-29')]).toEqual([1, 7]);
  expect(instantOf('2026-11-25T07:30')).toBe('2026-11-24T23:30:00.000Z');
  expect(localOf('2026-11-24T23:30:00Z')).toBe('2026-11-25T07:30');
});
