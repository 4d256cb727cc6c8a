import { afterEach, expect, it, vi } from 'vitest';
import { Gatherer, keysOf, staleSince } from './refresh.ts';

afterEach(() => vi.useRealTimers());

it('reads only what an event touches', () => {
  expect(keysOf('incident.created')).toEqual([['wall', 'cases']]);
  expect(keysOf('alarm.opened')).toEqual([['wall', 'alarms']]);
  expect(keysOf('screens.published')).toEqual([]);
});

it('makes one read of many events, and a new one of those that come after it', () => {
  vi.useFakeTimers();
  const read = vi.fn();
  const gatherer = new Gatherer(2_000, read);
  for (let count = 0; count < 50; count += 1) gatherer.hear('incident.created');
  gatherer.hear('alarm.opened');
  vi.advanceTimersByTime(2_000);
  expect(read.mock.calls).toEqual([[['wall', 'cases']], [['wall', 'alarms']]]);
  gatherer.hear('incident.closed');
  vi.advanceTimersByTime(2_000);
  expect(read).toHaveBeenCalledTimes(3);
});

it('reads nothing once it has stopped', () => {
  vi.useFakeTimers();
  const read = vi.fn();
  const gatherer = new Gatherer(1_000, read);
  gatherer.hear('alarm.opened');
  gatherer.stop();
  vi.advanceTimersByTime(5_000);
  expect(read).not.toHaveBeenCalled();
});

it('calls a screen old after three refreshes without an answer', () => {
  const around = { refreshSeconds: 10, begunAt: 0 };
  expect(staleSince([100_000, 70_000], { ...around, now: 129_000 })).toBeUndefined();
  expect(staleSince([100_000, 70_000], { ...around, now: 131_000 })).toBe(100_000);
  expect(staleSince([], { ...around, now: 20_000 })).toBeUndefined();
  expect(staleSince([], { ...around, now: 40_000 })).toBe(0);
});
