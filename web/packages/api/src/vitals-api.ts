import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { API, api, type Query, queryString } from './client.ts';
import type { Page } from './types/shared.ts';
import type {
  Behind,
  EarlyTrust,
  EarlyWarning,
  Feed,
  Indicator,
  IndicatorDetail,
  Recomputed,
  ReportPeriod,
  VitalNotice,
  VitalRank,
  VitalReport,
  VitalSeries,
  VitalStep,
  VitalsOverview,
} from './types/vitals.ts';

/** Numbers move without telling; grades that change are told of at once. Hidden pages do not ask. */
const LIVE = { refetchInterval: 15_000 } as const;
const SLOWER = { refetchInterval: 60_000 } as const;

export const vitalKeys = {
  all: ['vitals'] as const,
  overviews: ['vitals', 'overview'] as const,
  indicators: ['vitals', 'indicators'] as const,
  one: (code: string) => ['vitals', 'one', code] as const,
  notices: ['vitals', 'notices'] as const,
  warnings: ['vitals', 'warnings'] as const,
  feeds: ['vitals', 'feeds'] as const,
};

/** The largest area that one may see where none is named. */
export const vitalsQuery = (area: string | undefined) =>
  queryOptions({
    queryKey: [...vitalKeys.overviews, area],
    queryFn: ({ signal }) => api.get<VitalsOverview>('/vitals', { area }, signal),
    ...LIVE,
  });

export const indicatorsQuery = (area: string | undefined) =>
  queryOptions({
    queryKey: [...vitalKeys.indicators, area],
    queryFn: ({ signal }) => api.get<Indicator[]>('/indicators', { area }, signal),
    ...LIVE,
  });

export const indicatorQuery = (code: string, area: string | undefined) =>
  queryOptions({
    queryKey: [...vitalKeys.one(code), 'now', area],
    queryFn: ({ signal }) =>
      api.get<IndicatorDetail>(`/indicators/${encodeURIComponent(code)}`, { area }, signal),
    ...LIVE,
  });

/** The last so many hours; `index` and `index.A` are the health index and the score of a domain. */
export const vitalSeriesQuery = (
  code: string,
  area: string | undefined,
  { hours, step }: { hours: number; step: VitalStep },
) =>
  queryOptions({
    queryKey: [...vitalKeys.one(code), 'values', area, hours, step],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * 3_600_000).toISOString();
      return api.get<VitalSeries>(
        `/indicators/${encodeURIComponent(code)}/values`,
        { area, from, step },
        signal,
      );
    },
    ...SLOWER,
  });

export const vitalRanksQuery = (code: string) =>
  queryOptions({
    queryKey: [...vitalKeys.one(code), 'areas'],
    queryFn: ({ signal }) =>
      api.get<VitalRank[]>(`/indicators/${encodeURIComponent(code)}/areas`, undefined, signal),
    ...LIVE,
  });

export const behindQuery = (code: string, area: string | undefined) =>
  queryOptions({
    queryKey: [...vitalKeys.one(code), 'behind', area],
    queryFn: ({ signal }) =>
      api.get<Behind>(`/indicators/${encodeURIComponent(code)}/behind`, { area }, signal),
    staleTime: 60_000,
  });

export const vitalNoticesQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: [...vitalKeys.notices, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<VitalNotice>>('/vital-notices', { limit: 100, ...query, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    ...LIVE,
  });

/** Of the last two days, the newest first. */
export const earlyWarningsQuery = (area: string | undefined) =>
  queryOptions({
    queryKey: [...vitalKeys.warnings, 'given', area],
    queryFn: ({ signal }) => api.get<EarlyWarning[]>('/vital-warnings', { area }, signal),
    ...SLOWER,
  });

/** How far warnings can be trusted, for each indicator that can be warned of. Changes by the day. */
export const earlyTrustQuery = queryOptions({
  queryKey: [...vitalKeys.warnings, 'scores'],
  queryFn: ({ signal }) => api.get<EarlyTrust[]>('/vital-warnings/scores', undefined, signal),
  staleTime: 60_000,
});

export const feedsQuery = queryOptions({
  queryKey: vitalKeys.feeds,
  queryFn: ({ signal }) => api.get<Feed[]>('/feeds', undefined, signal),
  ...LIVE,
});

/** A day or a week; the present one where no day of it is named. */
export const vitalReportQuery = (period: ReportPeriod, query: Query) =>
  queryOptions({
    queryKey: ['vitals', 'report', period, query],
    queryFn: ({ signal }) => api.get<VitalReport>(`/vitals/reports/${period}`, query, signal),
    staleTime: 60_000,
  });

/** The same as a document, to be downloaded. */
export const vitalReportUrl = (period: ReportPeriod, query: Query): string =>
  `${API}/vitals/reports/${period}/docx${queryString(query)}`;

export const vitalsApi = {
  acknowledge: (id: string, body: { note?: string; open_case?: boolean }, idempotencyKey: string) =>
    api.post<VitalNotice>(`/vital-notices/${id}/acknowledge`, body, { idempotencyKey }),
  /** Computes the past again from an instant on. */
  recompute: (code: string, from: string) =>
    api.post<Recomputed>(`/indicators/${encodeURIComponent(code)}/recompute`, undefined, {
      query: { from },
    }),
};
