import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { ImportSetting, LayerImport, WrongRecord } from './types/layer-import.ts';
import type { Page } from './types/shared.ts';

export const importKeys = { of: (layer: string) => ['layer-imports', layer] as const };

/** Sends a file in; a rehearsal draws nothing. */
export const importLayer = (layer: string, file: File, setting: ImportSetting, rehearse: boolean) =>
  api.postFile<LayerImport>(`/layers/${layer}/imports`, file, {
    ...setting,
    file_name: file.name,
    rehearse,
  });

export const importsQuery = (layer: string) =>
  infiniteQueryOptions({
    queryKey: importKeys.of(layer),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<LayerImport>>(`/layers/${layer}/imports`, { limit: 20, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** Records of an import that were not drawn, and why. */
export const wrongRecordsQuery = (layer: string, id: string) =>
  infiniteQueryOptions({
    queryKey: [...importKeys.of(layer), id, 'wrong'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<WrongRecord>>(
        `/layers/${layer}/imports/${id}/wrong`,
        { limit: 100, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
