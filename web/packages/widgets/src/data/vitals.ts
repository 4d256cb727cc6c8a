import { queryOptions } from '@tanstack/react-query';
import { api } from '@yiwang/api/client.ts';
import type { Page } from '@yiwang/api/types/shared.ts';
import type {
  Behind,
  Indicator,
  IndicatorDetail,
  VitalNotice,
  VitalRank,
  VitalSeries,
  VitalStep,
  VitalsOverview,
} from '@yiwang/api/types/vitals.ts';
import { SHORT_LIVED, wallKeys } from './keys.ts';

const of = (code: string) => `/indicators/${encodeURIComponent(code)}`;
const HOUR_MS = 3_600_000;
const SLOW_MS = 300_000;

export const overviewQuery = (area: string | undefined) =>
  queryOptions({
    queryKey: [...wallKeys.vitals, 'overview', area],
    queryFn: ({ signal }) => api.get<VitalsOverview>('/vitals', { area }, signal),
    ...SHORT_LIVED,
  });

/** All numbers of an area in one read; every widget of the area looks into it. */
export const indicatorsQuery = (area: string | undefined) =>
  queryOptions({
    queryKey: [...wallKeys.vitals, 'indicators', area],
    queryFn: ({ signal }) => api.get<Indicator[]>('/indicators', { area }, signal),
    ...SHORT_LIVED,
  });

export const seriesQuery = (code: string, area: string | undefined, hours: number, step: VitalStep) =>
  queryOptions({
    queryKey: [...wallKeys.vitals, 'series', code, area, hours, step],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * HOUR_MS).toISOString();
      return api.get<VitalSeries>(`${of(code)}/values`, { area, from, step }, signal);
    },
    ...SHORT_LIVED,
  });

export const ranksQuery = (code: string) =>
  queryOptions({
    queryKey: [...wallKeys.vitals, 'ranks', code],
    queryFn: ({ signal }) => api.get<VitalRank[]>(`${of(code)}/areas`, undefined, signal),
    ...SHORT_LIVED,
  });

/** What an indicator is; that changes with packs only. */
export const definitionQuery = (code: string, area: string | undefined) =>
  queryOptions({
    queryKey: [...wallKeys.slow, 'definition', code, area],
    queryFn: ({ signal }) => api.get<IndicatorDetail>(of(code), { area }, signal),
    ...SHORT_LIVED,
    staleTime: SLOW_MS,
  });

export const behindQuery = (code: string, area: string | undefined) =>
  queryOptions({
    queryKey: [...wallKeys.slow, 'behind', code, area],
    queryFn: ({ signal }) => api.get<Behind>(`${of(code)}/behind`, { area }, signal),
    ...SHORT_LIVED,
    staleTime: SLOW_MS,
  });

export const noticesQuery = (open: boolean | undefined, limit: number) =>
  queryOptions({
    queryKey: [...wallKeys.notices, open, limit],
    queryFn: async ({ signal }) =>
      (await api.get<Page<VitalNotice>>('/vital-notices', { open, limit }, signal)).items,
    ...SHORT_LIVED,
  });
