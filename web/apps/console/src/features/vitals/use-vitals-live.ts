import { useQueryClient } from '@tanstack/react-query';
import { vitalKeys } from '@yiwang/api/vitals-api.ts';
import { useEffect } from 'react';
import { onLive } from '../../app/live-store.ts';

const GATHER_MS = 800;

/** A grade or an index that changes is read at once; numbers that only move wait for their turn. */
export function useVitalsLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = onLive(({ kind }) => {
      if (!kind.startsWith('vital.') || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: vitalKeys.all });
      }, GATHER_MS);
    });
    return () => {
      forget();
      clearTimeout(timer);
    };
  }, [client]);
}
