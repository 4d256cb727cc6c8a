import { queryOptions } from '@tanstack/react-query';
import { readAll } from './catalog-api.ts';
import { api } from './client.ts';
import type { PackCheck, PackDetail, PackDiff, PackView } from './types/pack.ts';

export const packsQuery = queryOptions({
  queryKey: ['packs'],
  queryFn: ({ signal }) => readAll<PackView>('/packs', {}, signal),
  staleTime: 60_000,
});

export const packQuery = (id: string) =>
  queryOptions({
    queryKey: ['packs', id],
    queryFn: ({ signal }) => api.get<PackDetail>(`/packs/${encodeURIComponent(id)}`, undefined, signal),
    staleTime: 60_000,
  });

export const packCheckQuery = (id: string) =>
  queryOptions({
    queryKey: ['packs', id, 'check'],
    queryFn: ({ signal }) => api.get<PackCheck>(`/packs/${encodeURIComponent(id)}/check`, undefined, signal),
    staleTime: 60_000,
  });

export const packDiffQuery = (id: string) =>
  queryOptions({
    queryKey: ['packs', id, 'diff'],
    queryFn: ({ signal }) => api.get<PackDiff>(`/packs/${encodeURIComponent(id)}/diff`, undefined, signal),
    staleTime: 60_000,
  });
