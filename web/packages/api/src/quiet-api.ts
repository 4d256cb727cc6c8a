import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type { CreateShelf, CreateWindow, Feedback, QuietWindow } from './types/quiet.ts';
import type { Page } from './types/shared.ts';

export type QuietKind = QuietWindow['kind'];

export const quietKeys = {
  all: ['alarm-quiet'] as const,
  lists: (kind: QuietKind) => ['alarm-quiet', kind] as const,
};

const paged = <T>(
  queryKey: readonly unknown[],
  read: (query: Query, signal: AbortSignal) => Promise<Page<T>>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Maintenance windows or shelves; those that are over, are not yet, or all. */
export const quietQuery = (kind: QuietKind, over: boolean | undefined) => ({
  ...paged<QuietWindow>([...quietKeys.lists(kind), over], (query, signal) =>
    kind === 'maintenance'
      ? api.get<Page<QuietWindow>>('/maintenance-windows', { ...query, over }, signal)
      : api.get<Page<QuietWindow>>('/alarm-shelves', { ...query, over }, signal),
  ),
  // They begin and end by themselves.
  refetchInterval: 60_000,
});

export const feedbackQuery = (asked: Query) =>
  paged<Feedback>(['alarms', 'feedback', asked], (query, signal) =>
    api.get<Page<Feedback>>('/alarms/feedback', { ...asked, ...query }, signal),
  );

export const quietApi = {
  createWindow: (body: CreateWindow, idempotencyKey: string) =>
    api.post<QuietWindow>('/maintenance-windows', body, { idempotencyKey }),
  createShelf: (body: CreateShelf, idempotencyKey: string) =>
    api.post<QuietWindow>('/alarm-shelves', body, { idempotencyKey }),
  cancelWindow: (id: string, ifMatch: number) =>
    api.post<QuietWindow>(`/maintenance-windows/${id}/cancel`, undefined, { ifMatch }),
  cancelShelf: (id: string, ifMatch: number) =>
    api.post<QuietWindow>(`/alarm-shelves/${id}/cancel`, undefined, { ifMatch }),
};
