import type { LiveEvent, LiveState } from '@yiwang/api/live.ts';
import { useSyncExternalStore } from 'react';

export interface LiveStatus {
  state: LiveState;
  /** Since when nothing has come, while the line is down. */
  downSince: number | undefined;
}

let status: LiveStatus = { state: 'connecting', downSince: undefined };
const watchers = new Set<() => void>();
const listeners = new Set<(event: LiveEvent) => void>();

export function setLiveState(state: LiveState): void {
  const down = state === 'waiting' || state === 'stopped';
  const downSince = state === 'live' ? undefined : (status.downSince ?? (down ? Date.now() : undefined));
  status = { state, downSince };
  for (const watcher of watchers) watcher();
}

export function tellLive(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

/** Hears every live event until the returned function is called. */
export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLiveStatus = () =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => status,
  );
