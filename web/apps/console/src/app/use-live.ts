import { useQueryClient } from '@tanstack/react-query';
import { LiveHub } from '@yiwang/api/live.ts';
import { useEffect } from 'react';
import { LiveCache } from '../features/incident/list/live-cache.ts';
import { setLiveState, tellLive } from './live-store.ts';

/** Opens the stream of changes for as long as somebody is signed in. */
export function useLive(userId: string): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person is another stream
  useEffect(() => {
    const cache = new LiveCache(client);
    const hub = new LiveHub({
      onEvent: (event) => {
        cache.hear(event);
        tellLive(event);
      },
      onReset: () => cache.reset(),
      onState: setLiveState,
    });
    hub.start();
    return () => {
      hub.stop();
      cache.stop();
    };
  }, [client, userId]);
}
