import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type { Alarm, AlarmDetail, AlarmNumbers, AlarmRule, Verdict } from './types/alerting.ts';
import type { Page } from './types/shared.ts';

export const alarmKeys = {
  all: ['alarms'] as const,
  lists: ['alarms', 'list'] as const,
  numbers: ['alarms', 'numbers'] as const,
  one: (id: string) => ['alarms', 'one', id] as const,
};

export const readAlarmPage = (query: Query, cursor?: string, signal?: AbortSignal) =>
  api.get<Page<Alarm>>('/alarms', { ...query, limit: 100, cursor }, signal);

export const alarmListQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...alarmKeys.lists, query],
    queryFn: ({ pageParam, signal }) => readAlarmPage(query, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // Events patch what is held; each visit reads anew.
    staleTime: 0,
    gcTime: 60_000,
  });

export const alarmQuery = (id: string) =>
  queryOptions({
    queryKey: alarmKeys.one(id),
    queryFn: ({ signal }) => api.get<AlarmDetail>(`/alarms/${id}`, undefined, signal),
    // What is drawn of an open one goes on.
    refetchInterval: (query) => (query.state.data?.is_open ? 60_000 : false),
  });

/** The members of a storm or agreement; their number changes while it lasts. */
export const alarmMembersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...alarmKeys.one(id), 'members'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Alarm>>(`/alarms/${id}/members`, { limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const alarmNumbersQuery = queryOptions({
  queryKey: alarmKeys.numbers,
  queryFn: ({ signal }) => api.get<AlarmNumbers>('/alarms/numbers', undefined, signal),
  refetchInterval: 30_000,
});

export const alarmRulesQuery = queryOptions({
  queryKey: ['alarm-rules'],
  queryFn: ({ signal }) => api.get<AlarmRule[]>('/alarm-rules', undefined, signal),
  staleTime: 30_000,
});

/** All versions of a rule, the newest first. */
export const alarmRuleQuery = (code: string) =>
  queryOptions({
    queryKey: ['alarm-rules', code],
    queryFn: ({ signal }) =>
      api.get<AlarmRule[]>(`/alarm-rules/${encodeURIComponent(code)}`, undefined, signal),
    staleTime: 30_000,
  });

/** Each names the version that was seen; another one is refused. */
export const alarmApi = {
  acknowledge: (id: string, ifMatch: number, note?: string) =>
    api.post<Alarm>(`/alarms/${id}/acknowledge`, { note }, { ifMatch }),
  shelve: (id: string, ifMatch: number, body: { until: string; reason: string }) =>
    api.post<Alarm>(`/alarms/${id}/shelve`, body, { ifMatch }),
  unshelve: (id: string, ifMatch: number) =>
    api.post<Alarm>(`/alarms/${id}/unshelve`, undefined, { ifMatch }),
  judge: (id: string, ifMatch: number, body: { verdict: Verdict; note?: string | undefined }) =>
    api.post<Alarm>(`/alarms/${id}/verdict`, body, { ifMatch }),
};

/** The demo's weather; other cities answer 404. */
export const letItStorm = () => api.post<{ is_stormy: boolean }>('/demo/storm');
