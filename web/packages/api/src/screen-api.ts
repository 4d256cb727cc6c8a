import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, api } from './client.ts';
import type { SaveScreenDraft, ScreenDetail, ScreenDraft, ScreenRow, ScreenVersion } from './types/screen.ts';

const of = (code: string) => `/screens/${encodeURIComponent(code)}`;

export const screenKeys = {
  all: ['screens'] as const,
  one: (code: string) => ['screens', code] as const,
};

async function readScreens(drafts: boolean | undefined, signal: AbortSignal): Promise<ScreenRow[]> {
  const rows = await api.get<ScreenRow[]>('/screens', { drafts }, signal);
  return rows.toSorted((one, other) => one.order - other.order || one.code.localeCompare(other.code));
}

/** The screens that one may see, in their order. */
export const screensQuery = queryOptions({
  queryKey: [...screenKeys.all, 'list'],
  queryFn: ({ signal }) => readScreens(undefined, signal),
  staleTime: 30_000,
});

/** Also those that are only drafts yet: their version is 0. */
export const writtenScreensQuery = queryOptions({
  queryKey: [...screenKeys.all, 'written'],
  queryFn: ({ signal }) => readScreens(true, signal),
  staleTime: 30_000,
});

export const screenQuery = (code: string, version?: number) =>
  queryOptions({
    queryKey: [...screenKeys.one(code), 'version', version ?? 'newest'],
    queryFn: ({ signal }) => api.get<ScreenDetail>(of(code), { version }, signal),
    staleTime: 30_000,
  });

/** The newest first. */
export const screenVersionsQuery = (code: string) =>
  queryOptions({
    queryKey: [...screenKeys.one(code), 'versions'],
    queryFn: ({ signal }) => api.get<ScreenVersion[]>(`${of(code)}/versions`, undefined, signal),
  });

/** What is being written; `null` where there is no draft. */
export const screenDraftQuery = (code: string) =>
  queryOptions({
    queryKey: [...screenKeys.one(code), 'draft'],
    queryFn: async ({ signal }): Promise<ScreenDraft | null> => {
      try {
        return await api.get<ScreenDraft>(`${of(code)}/draft`, undefined, signal);
      } catch (fault) {
        if (fault instanceof ApiProblem && fault.status === 404) return null;
        throw fault;
      }
    },
    staleTime: 0,
  });

export const screenApi = {
  saveDraft: (code: string, body: SaveScreenDraft) => api.put<ScreenDraft>(`${of(code)}/draft`, body),
  dropDraft: (code: string) => api.delete<void>(`${of(code)}/draft`),
  publish: (code: string, revision: number, note: string) =>
    api.post<ScreenDetail>(`${of(code)}/publish`, { revision, note }),
  restore: (code: string, version: number, note: string) =>
    api.post<ScreenDetail>(`${of(code)}/restore`, { version, note }),
  remove: (code: string) => api.delete<void>(of(code)),
};
