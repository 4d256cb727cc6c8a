import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { Page } from './types/shared.ts';
import type { CreateToken, TokenCreated, TokenView } from './types/token.ts';

export const tokensQuery = infiniteQueryOptions({
  queryKey: ['tokens'],
  queryFn: ({ pageParam, signal }) =>
    api.get<Page<TokenView>>('/tokens', { limit: 100, cursor: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const tokenApi = {
  create: (body: CreateToken) => api.post<TokenCreated>('/tokens', body),
  revoke: (id: string) => api.delete<void>(`/tokens/${id}`),
};
