import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { readAll } from './catalog-api.ts';
import { api, type Query } from './client.ts';
import type {
  AuditCheck,
  AuditRow,
  Counter,
  CreateGrant,
  CreateUser,
  GrantView,
  Parked,
  Queues,
  Refusal,
  RefusalDetail,
  RefusalFilter,
  RoleView,
  UserView,
} from './types/admin.ts';
import type { Page } from './types/shared.ts';

export const usersQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['users', query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<UserView>>('/users', { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const grantsQuery = (userId: string) =>
  queryOptions({
    queryKey: ['grants', userId],
    queryFn: ({ signal }) => readAll<GrantView>('/grants', { user_id: userId, limit: 200 }, signal),
  });

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => readAll<RoleView>('/roles', {}, signal),
  staleTime: 5 * 60_000,
});

export const auditQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['audit', query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<AuditRow>>('/audit', { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const countersQuery = queryOptions({
  queryKey: ['counters'],
  queryFn: ({ signal }) => readAll<Counter>('/counters', {}, signal),
  refetchInterval: 5_000,
});

export const queuesQuery = queryOptions({
  queryKey: ['system', 'queues'],
  queryFn: ({ signal }) => api.get<Queues>('/system/queues', undefined, signal),
  refetchInterval: 5_000,
});

export const parkedQuery = queryOptions({
  queryKey: ['system', 'parked'],
  queryFn: ({ signal }) => readAll<Parked>('/system/parked', {}, signal),
  refetchInterval: 15_000,
});

export const refusalsQuery = (filter: RefusalFilter) =>
  infiniteQueryOptions({
    queryKey: ['intake', 'refusals', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Refusal>>('/intake/refusals', { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const refusalQuery = (id: number) =>
  queryOptions({
    queryKey: ['intake', 'refusal', id],
    queryFn: ({ signal }) => api.get<RefusalDetail>(`/intake/refusals/${id}`, undefined, signal),
  });

export const adminApi = {
  revealRefusal: (id: number, purpose: string) =>
    api.get<{ payload: string }>(`/intake/refusals/${id}/payload`, { purpose }),
  resubmitRefusal: (id: number, payload: unknown) =>
    api.post<{ id: string; number: string; duplicate: boolean }>(`/intake/refusals/${id}/resubmit`, {
      payload,
    }),
  createUser: (body: CreateUser) => api.post<UserView>('/users', body),
  updateUser: (user: UserView, body: { name?: string; status?: UserView['status'] }) =>
    api.patch<UserView>(`/users/${user.id}`, body, { ifMatch: user.version }),
  unlock: (id: string) => api.post<void>(`/users/${id}/unlock`),
  resetPassword: (id: string, password: string) => api.post<void>(`/users/${id}/password`, { password }),
  grant: (body: CreateGrant) => api.post<GrantView>('/grants', body),
  revoke: (id: string) => api.delete<void>(`/grants/${id}`),
  verifyAudit: () => api.get<AuditCheck>('/audit/verify'),
  parked: (id: string, act: 'retry' | 'discard') => api.post<void>(`/system/parked/${id}/${act}`),
};
