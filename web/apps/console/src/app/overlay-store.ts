import { useSyncExternalStore } from 'react';

export type Overlay = 'palette' | 'keys' | undefined;

let open: Overlay;
const watchers = new Set<() => void>();

/** Shows one of the page-wide overlays, or none. */
export function showOverlay(next: Overlay): void {
  open = next;
  for (const watcher of watchers) watcher();
}

export const useOverlay = (): Overlay =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => open,
  );
