import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type {
  BacktestAnswer,
  BacktestRequest,
  CreateRuleDraft,
  PublishRuleDraft,
  RuleDraft,
  RuleDraftDetail,
  RuleEntryText,
  RuleExamined,
  RuleVersions,
} from './types/alarm-rule.ts';
import type { Page } from './types/shared.ts';

/** Beside those of rules, so that a published draft lets both be read again. */
export const ruleDraftKeys = {
  lists: ['alarm-rule-drafts', 'list'] as const,
  one: (id: string) => ['alarm-rule-drafts', 'one', id] as const,
};

export const ruleDraftsQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...ruleDraftKeys.lists, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<RuleDraft>>('/alarm-rules/drafts', { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const readRuleDraft = (id: string, signal?: AbortSignal) =>
  api.get<RuleDraftDetail>(`/alarm-rules/drafts/${id}`, undefined, signal);

export const ruleDraftQuery = (id: string) =>
  queryOptions({
    queryKey: ruleDraftKeys.one(id),
    queryFn: ({ signal }) => readRuleDraft(id, signal),
    // Somebody is typing into what was read; it is read anew by being opened.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What is found about an entry as typed; what was found before stands until the answer is there. */
export const ruleCheckQuery = (entry: RuleEntryText | undefined) =>
  queryOptions({
    queryKey: ['alarm-rule-check', entry],
    queryFn: ({ signal }) => api.post<RuleExamined>('/alarm-rules/check', { entry }, { signal }),
    enabled: entry !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** Writes name the version that was seen; another one is refused. */
export const alarmRuleApi = {
  createDraft: (body: CreateRuleDraft) => api.post<RuleDraftDetail>('/alarm-rules/drafts', body),
  saveDraft: (id: string, ifMatch: number, entry: RuleEntryText) =>
    api.put<RuleDraftDetail>(`/alarm-rules/drafts/${id}`, { entry }, { ifMatch }),
  discardDraft: (id: string, ifMatch: number) =>
    api.delete<RuleDraft>(`/alarm-rules/drafts/${id}`, { ifMatch }),
  publishDraft: (id: string, ifMatch: number, body: PublishRuleDraft) =>
    api.post<RuleVersions>(`/alarm-rules/drafts/${id}/publish`, body, { ifMatch }),
  withdraw: (code: string, reason: string) =>
    api.post<RuleVersions>(`/alarm-rules/${encodeURIComponent(code)}/withdraw`, { reason }),
  backtest: (body: BacktestRequest) => api.post<BacktestAnswer>('/alarm-rules/backtest', body),
};
