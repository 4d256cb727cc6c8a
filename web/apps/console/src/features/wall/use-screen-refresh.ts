import { useQueryClient } from '@tanstack/react-query';
import { screenKeys } from '@yiwang/api/screen-api.ts';
import { wallKeys } from '@yiwang/widgets/data/keys.ts';
import { Gatherer, staleSince } from '@yiwang/widgets/data/refresh.ts';
import { useNow } from '@yiwang/widgets/parts/use-clock.ts';
import { useEffect, useRef } from 'react';
import { onLive, useLiveStatus } from '../../app/live-store.ts';

const GATHER_MS = 2_000;

/** Reads what a screen shows again and again: by one clock, and by what the live stream tells. */
export function useScreenRefresh(refreshSeconds: number): void {
  const client = useQueryClient();
  useEffect(() => {
    const read = (key: readonly string[]) =>
      void client.invalidateQueries({ queryKey: key, refetchType: 'active' }, { cancelRefetch: false });
    const timer = setInterval(() => read(wallKeys.all), refreshSeconds * 1000);
    // Events come in crowds; a wall that read at each of them would never rest.
    const gatherer = new Gatherer(Math.min(GATHER_MS, refreshSeconds * 1000), read);
    const forget = onLive(({ kind }) => {
      gatherer.hear(kind);
      if (kind.startsWith('screens.')) void client.invalidateQueries({ queryKey: screenKeys.all });
    });
    return () => {
      clearInterval(timer);
      gatherer.stop();
      forget();
    };
  }, [client, refreshSeconds]);
  useAfterBreak(refreshSeconds);
}

/** What happened while the line was down was told to nobody. */
function useAfterBreak(refreshSeconds: number): void {
  const client = useQueryClient();
  const { state } = useLiveStatus();
  const wasDown = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another rhythm changes nothing of what was missed
  useEffect(() => {
    if (state === 'waiting' || state === 'stopped') wasDown.current = true;
    if (state !== 'live' || !wasDown.current) return;
    wasDown.current = false;
    void client.invalidateQueries({ queryKey: wallKeys.all });
    void client.invalidateQueries({ queryKey: screenKeys.all });
  }, [state, client, refreshSeconds]);
}

/** Since when nothing fresh has come; nothing while all is well. */
export function useStaleSince(refreshSeconds: number): number | undefined {
  const client = useQueryClient();
  const now = useNow();
  const begunAt = useRef(Date.now());
  const answers = client
    .getQueryCache()
    .findAll({ queryKey: wallKeys.all, type: 'active' })
    .map((query) => query.state.dataUpdatedAt);
  if (answers.length === 0) return undefined;
  return staleSince(answers, { now, refreshSeconds, begunAt: begunAt.current });
}
