import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { CreateFence, Fence, FenceEvent, UpdateFence } from './types/fence.ts';
import type { Page } from './types/shared.ts';

export const fenceKeys = {
  all: ['fences'] as const,
  events: ['fence-events'] as const,
};

export const fencesQuery = queryOptions({
  queryKey: fenceKeys.all,
  queryFn: ({ signal }) => api.get<Fence[]>('/fences', undefined, signal),
  refetchInterval: 60_000,
});

export interface FenceEventsWanted {
  fence?: string | undefined;
  device?: string | undefined;
  kind?: readonly string[];
}

/** What was told about fences, newest first. */
export const fenceEventsQuery = (wanted: FenceEventsWanted) =>
  infiniteQueryOptions({
    queryKey: [...fenceKeys.events, wanted],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<FenceEvent>>('/fence-events', { ...wanted, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: 60_000,
  });

/** Changes name the version that was seen; another one is refused. */
export const fenceApi = {
  create: (body: CreateFence, idempotencyKey: string) => api.post<Fence>('/fences', body, { idempotencyKey }),
  update: ({ id, version }: Pick<Fence, 'id' | 'version'>, body: UpdateFence) =>
    api.patch<Fence>(`/fences/${id}`, body, { ifMatch: version }),
  remove: (id: string) => api.delete<void>(`/fences/${id}`),
};
