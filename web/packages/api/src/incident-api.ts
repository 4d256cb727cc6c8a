import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type {
  ActionView,
  CreateIncident,
  DuplicateHint,
  IncidentDetail,
  IncidentRow,
  Numbers,
  TaskRow,
  TimelineCheck,
} from './types/incident.ts';
import type { Page, Position } from './types/shared.ts';

export const LIST_PAGE = 100;

export const incidentKeys = {
  lists: ['incidents', 'list'] as const,
  list: (query: Query) => ['incidents', 'list', query] as const,
  detail: (id: string) => ['incidents', 'detail', id] as const,
  timeline: (id: string) => ['incidents', 'timeline', id] as const,
  numbers: ['incidents', 'numbers'] as const,
  tasks: ['tasks'] as const,
};

export const readIncidentPage = (query: Query, cursor?: string, signal?: AbortSignal) =>
  api.get<Page<IncidentRow>>('/incidents', { ...query, limit: LIST_PAGE, cursor }, signal);

export const incidentListQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: incidentKeys.list(query),
    queryFn: ({ pageParam, signal }) => readIncidentPage(query, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // The live stream keeps the list right; reading all pages again would cost more than it tells.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: incidentKeys.detail(id),
    queryFn: ({ signal }) => api.get<IncidentDetail>(`/incidents/${id}`, undefined, signal),
  });

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: incidentKeys.timeline(id),
    queryFn: ({ signal }) => api.get<ActionView[]>(`/incidents/${id}/timeline`, undefined, signal),
  });

export const duplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['incidents', 'duplicates', id],
    queryFn: ({ signal }) => api.get<DuplicateHint[]>(`/incidents/${id}/duplicates`, undefined, signal),
    staleTime: 30_000,
  });

export type NumbersBy = 'status' | 'light' | 'org' | 'item' | 'area' | 'source' | 'grade';

export const numbersQuery = (by: NumbersBy) =>
  queryOptions({
    queryKey: [...incidentKeys.numbers, by],
    queryFn: ({ signal }) => api.get<Numbers>('/incidents/numbers', { by }, signal),
    refetchInterval: 30_000,
  });

export const mapPointsQuery = (query: Query) =>
  queryOptions({
    queryKey: ['incidents', 'map', query],
    queryFn: async ({ signal }): Promise<IncidentRow[]> =>
      (await api.get<Page<IncidentRow>>('/incidents/map', query, signal)).items,
    staleTime: 30_000,
  });

export const tasksQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...incidentKeys.tasks, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TaskRow>>('/tasks', { ...query, limit: LIST_PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export interface DuplicateProbe {
  item_code?: string;
  position?: Position;
  address?: string;
  text: string;
  at: string;
  phone?: string;
}

export const incidentApi = {
  read: (id: string) => api.get<IncidentDetail>(`/incidents/${id}`),
  create: (body: CreateIncident, idempotencyKey: string) =>
    api.post<IncidentDetail>('/incidents', body, { idempotencyKey }),
  command: (id: string, command: string, body: object, version: number, idempotencyKey: string) =>
    api.post<IncidentDetail>(`/incidents/${id}/commands/${command}`, body, {
      ifMatch: version,
      idempotencyKey,
    }),
  duplicates: (probe: DuplicateProbe, signal?: AbortSignal) =>
    api.post<DuplicateHint[]>('/incidents/duplicates', probe, { signal }),
  reveal: (id: string, purpose: string) =>
    api.get<{ name?: string | null; phone?: string | null }>(`/incidents/${id}/reporter`, { purpose }),
  verifyTimeline: (id: string) => api.get<TimelineCheck>(`/incidents/${id}/timeline/verify`),
  /** How many open cases run out within `within`: exact up to one full page, `more` beyond. */
  soon: async (within: string) => {
    const page = await api.get<Page<IncidentRow>>('/incidents', {
      open: true,
      breaches_within: within,
      limit: 500,
    });
    return { count: page.items.length, more: Boolean(page.next) };
  },
  byNumber: (number: string) => api.get<Page<IncidentRow>>('/incidents', { q: number, limit: 5 }),
};
