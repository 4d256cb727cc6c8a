import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, api } from './client.ts';
import type { DemoAccount, Me, Session } from './types/session.ts';

/** Who is signed in; `null` when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await api.get<Me>('/me', undefined, signal);
    } catch (fault) {
      if (fault instanceof ApiProblem && fault.status === 401) return null;
      throw fault;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: 1,
});

/** The demo city's accounts; empty when the server is not a demo. */
export const demoAccountsQuery = queryOptions({
  queryKey: ['demo-accounts'],
  queryFn: async ({ signal }): Promise<DemoAccount[]> => {
    try {
      return await api.get<DemoAccount[]>('/demo-accounts', undefined, signal);
    } catch (fault) {
      if (fault instanceof ApiProblem && fault.status === 404) return [];
      throw fault;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const sessionApi = {
  signIn: (username: string, password: string) => api.post<Session>('/sessions', { username, password }),
  /** Lets in a browser that nobody sits at. */
  enterByToken: (token: string) => api.post<Session>('/sessions/by-token', { token }),
  signOut: () => api.delete<void>('/sessions/current'),
  changePassword: (old: string, next: string) => api.post<void>('/me/password', { old, new: next }),
};
