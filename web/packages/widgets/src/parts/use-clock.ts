import { useSyncExternalStore } from 'react';

interface Clock {
  now: number;
  watchers: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
}

const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs);
  if (known) return known;
  const made: Clock = { now: Date.now(), watchers: new Set(), timer: undefined };
  clocks.set(everyMs, made);
  return made;
}

function watch(everyMs: number, watcher: () => void): () => void {
  const clock = clockOf(everyMs);
  clock.watchers.add(watcher);
  clock.timer ??= setInterval(() => {
    clock.now = Date.now();
    for (const one of clock.watchers) one();
  }, everyMs);
  return () => {
    clock.watchers.delete(watcher);
    if (clock.watchers.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}

const EVERY_SECOND = (watcher: () => void) => watch(1_000, watcher);
const EVERY_TEN = (watcher: () => void) => watch(10_000, watcher);

/** The time, moving every second. */
export const useSeconds = () => useSyncExternalStore(EVERY_SECOND, () => clockOf(1_000).now);
/** The time, moving every ten seconds; one clock for all that tell ages. */
export const useNow = () => useSyncExternalStore(EVERY_TEN, () => clockOf(10_000).now);
