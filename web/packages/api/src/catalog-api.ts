import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type {
  AreaBrief,
  CodesetDetail,
  CodesetView,
  GradeView,
  ItemDetail,
  ItemSuggestion,
  ItemView,
  Located,
  OpenedFaults,
  PublishedList,
  Responsibility,
  ResponsibilityCheck,
  ResponsibilityDiff,
  ResponsibilityDraft,
  ResponsibilityDraftDetail,
  ResponsibilityRule,
} from './types/catalog.ts';
import type { OrgListed, Page, Position } from './types/shared.ts';

const SLOW = { staleTime: 10 * 60_000, gcTime: 30 * 60_000 } as const;

/** Lists come as an array or as pages; this reads them to the end. */
export async function readAll<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T[]> {
  const out: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.get<T[] | Page<T>>(path, { ...query, cursor }, signal);
    if (Array.isArray(answer)) return answer;
    out.push(...answer.items);
    cursor = answer.next ?? undefined;
  } while (cursor);
  return out;
}

export const orgsQuery = queryOptions({
  queryKey: ['orgs'],
  queryFn: ({ signal }) => readAll<OrgListed>('/orgs', {}, signal),
  ...SLOW,
});

export const itemsQuery = queryOptions({
  queryKey: ['items', 'all'],
  queryFn: ({ signal }) => readAll<ItemView>('/items', { limit: 500 }, signal),
  ...SLOW,
});

export const itemQuery = (code: string) =>
  queryOptions({
    queryKey: ['items', 'one', code],
    queryFn: ({ signal }) => api.get<ItemDetail>(`/items/${encodeURIComponent(code)}`, undefined, signal),
    ...SLOW,
  });

export const suggestQuery = (text: string) =>
  queryOptions({
    queryKey: ['items', 'suggest', text],
    queryFn: ({ signal }) => readAll<ItemSuggestion>('/items/suggest', { text }, signal),
    staleTime: 60_000,
  });

export const gradesQuery = queryOptions({
  queryKey: ['grades'],
  queryFn: ({ signal }) => readAll<GradeView>('/grades', {}, signal),
  ...SLOW,
});

export const codesetsQuery = queryOptions({
  queryKey: ['codesets'],
  queryFn: ({ signal }) => readAll<CodesetView>('/codesets', {}, signal),
  ...SLOW,
});

export const codesetQuery = (id: string) =>
  queryOptions({
    queryKey: ['codesets', id],
    queryFn: ({ signal }) => api.get<CodesetDetail>(`/codesets/${encodeURIComponent(id)}`, undefined, signal),
    ...SLOW,
  });

export const areasQuery = (level: number) =>
  queryOptions({
    queryKey: ['areas', level],
    queryFn: ({ signal }) => readAll<AreaBrief>('/areas', { level, limit: 500 }, signal),
    ...SLOW,
  });

export const areasGeojsonQuery = (level: number) =>
  queryOptions({
    queryKey: ['areas', 'geojson', level],
    queryFn: ({ signal }) => api.get<GeoJSON.FeatureCollection>('/areas.geojson', { level }, signal),
    ...SLOW,
  });

export const locateQuery = (position: Position) =>
  queryOptions({
    queryKey: ['areas', 'locate', position],
    queryFn: ({ signal }) =>
      api.get<Located>('/areas/locate', { lon: position.lon, lat: position.lat }, signal),
    ...SLOW,
  });

export const resolveQuery = (item: string, place: { area?: string; position?: Position }) =>
  queryOptions({
    queryKey: ['responsibility', 'resolve', item, place],
    queryFn: ({ signal }) =>
      api.get<Responsibility>(
        '/responsibility/resolve',
        { item, area: place.area, lon: place.position?.lon, lat: place.position?.lat },
        signal,
      ),
    staleTime: 60_000,
  });

export const rulesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['responsibility', 'rules', q],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ResponsibilityRule>>(
        '/responsibility/rules',
        { q, cursor: pageParam, limit: 200 },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const checkQuery = queryOptions({
  queryKey: ['responsibility', 'check'],
  queryFn: ({ signal }) => api.get<ResponsibilityCheck>('/responsibility/check', undefined, signal),
  staleTime: 60_000,
});

export const listsQuery = queryOptions({
  queryKey: ['responsibility', 'lists'],
  queryFn: ({ signal }) => readAll<PublishedList>('/responsibility/lists', {}, signal),
});

export const draftsQuery = queryOptions({
  queryKey: ['responsibility', 'drafts'],
  queryFn: ({ signal }) => readAll<ResponsibilityDraft>('/responsibility/drafts', {}, signal),
});

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['responsibility', 'draft', id],
    queryFn: ({ signal }) =>
      api.get<ResponsibilityDraftDetail>(`/responsibility/drafts/${id}`, undefined, signal),
  });

export const draftDiffQuery = (id: string) =>
  queryOptions({
    queryKey: ['responsibility', 'draft', id, 'diff'],
    queryFn: ({ signal }) =>
      api.get<ResponsibilityDiff>(`/responsibility/drafts/${id}/diff`, undefined, signal),
  });

export const draftCheckQuery = (id: string) =>
  queryOptions({
    queryKey: ['responsibility', 'draft', id, 'check'],
    queryFn: ({ signal }) =>
      api.get<ResponsibilityCheck & { opened: OpenedFaults }>(
        `/responsibility/drafts/${id}/check`,
        undefined,
        signal,
      ),
  });

export const responsibilityApi = {
  createDraft: (title: string) => api.post<ResponsibilityDraftDetail>('/responsibility/drafts', { title }),
  saveDraft: (draft: ResponsibilityDraft, rules: ResponsibilityRule[]) =>
    api.put<ResponsibilityDraftDetail>(
      `/responsibility/drafts/${draft.id}`,
      { rules },
      { ifMatch: draft.version },
    ),
  /** Says that the draft has been looked through against the list that is in force now. */
  rebaseDraft: (draft: ResponsibilityDraft) =>
    api.put<ResponsibilityDraftDetail>(
      `/responsibility/drafts/${draft.id}`,
      { base: draft.latest },
      { ifMatch: draft.version },
    ),
  discardDraft: (draft: ResponsibilityDraft) =>
    api.delete<ResponsibilityDraft>(`/responsibility/drafts/${draft.id}`, { ifMatch: draft.version }),
  publish: (draft: ResponsibilityDraft, body: { valid_from: string; accept_faults?: string }) =>
    api.post<PublishedList>(`/responsibility/drafts/${draft.id}/publish`, body, { ifMatch: draft.version }),
};
