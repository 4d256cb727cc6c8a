import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { MovingAnswer, Trail } from './types/moving.ts';

/** What moved after a revision; waits so many seconds for something to move. */
export const readMoving = (after: number, wait: number, signal: AbortSignal) =>
  api.get<MovingAnswer>('/positions', { after, wait }, signal);

const AGAIN_MS = 30_000;

/** Where a device went in the last hours before an instant, or before now. */
export const trailQuery = (device: string, hours: number, until: string | undefined) =>
  queryOptions({
    queryKey: ['trail', device, hours, until],
    queryFn: ({ signal }) => {
      const to = until ? Date.parse(until) : Date.now();
      const from = new Date(to - hours * 3_600_000).toISOString();
      return api.get<Trail[]>(
        `/positions/${encodeURIComponent(device)}/trail`,
        { from, to: new Date(to).toISOString() },
        signal,
      );
    },
    refetchInterval: until ? false : AGAIN_MS,
    gcTime: 10_000,
  });
