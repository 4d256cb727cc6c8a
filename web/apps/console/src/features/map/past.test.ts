import { expect, it } from 'vitest';
import { barOf, instantOfBar, PAST_MINUTES_MAX, pastOf, stepped } from './past.ts';

const now = Date.parse('2026-11-26T12:30:40Z');

it('the past is on the minute, and now is no past', () => {
  expect(pastOf(now - 90_000, now)).toBe('2026-11-26T12:29:00.000Z');
  expect(pastOf(now, now)).toBeUndefined();
  expect(pastOf(now + 60_000, now)).toBeUndefined();
});

it('goes back 31 days', () => expect(pastOf(0, now)).toBe('2026-10-26T12:30:00.000Z'));

it('steps lead back and forth, and out of the past into now', () => {
  const hour = stepped(undefined, 'hour', -1, now);
  expect(hour).toBe('2026-11-26T11:30:00.000Z');
  expect(stepped(hour, 'day', -1, now)).toBe('2026-11-25T11:30:00.000Z');
  expect(stepped(hour, 'hour', 1, now)).toBeUndefined();
  expect(stepped(undefined, 'minute', 1, now)).toBeUndefined();
});

it('the bar says the same as the instant', () => {
  const at = '2026-11-20T00:00:00.000Z';
  expect(instantOfBar(barOf(at, now), now)).toBe(at);
  expect(barOf(undefined, now)).toBe(PAST_MINUTES_MAX);
  expect(instantOfBar(PAST_MINUTES_MAX, now)).toBeUndefined();
});
