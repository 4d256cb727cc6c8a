import { queryOptions } from '@tanstack/react-query';
import { readAlarmPage } from '@yiwang/api/alerting-api.ts';
import { api, type Query } from '@yiwang/api/client.ts';
import type { NumbersBy } from '@yiwang/api/incident-api.ts';
import { type Alarm, SEVERITIES, type Severity } from '@yiwang/api/types/alerting.ts';
import type { CaseFlow, IncidentRow, Numbers } from '@yiwang/api/types/incident.ts';
import type { Page } from '@yiwang/api/types/shared.ts';
import { SHORT_LIVED, wallKeys } from './keys.ts';

const PAGE = 500;
/** Cases that one widget reads at most. */
const CASES_MAX = 2_000;
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const ALARM_PAGES_MAX = 5;

export const numbersQuery = (by: NumbersBy) =>
  queryOptions({
    queryKey: [...wallKeys.cases, 'numbers', by],
    queryFn: ({ signal }) => api.get<Numbers>('/incidents/numbers', { by }, signal),
    ...SHORT_LIVED,
  });

export const caseRowsQuery = (query: Query, limit: number) =>
  queryOptions({
    queryKey: [...wallKeys.cases, 'rows', query, limit],
    queryFn: async ({ signal }) =>
      (await api.get<Page<IncidentRow>>('/incidents', { ...query, limit }, signal)).items,
    ...SHORT_LIVED,
  });

interface ManyCases {
  rows: IncidentRow[];
  isMore: boolean;
}

async function readMany(query: Query, signal: AbortSignal): Promise<ManyCases> {
  const rows: IncidentRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<Page<IncidentRow>>('/incidents', { ...query, limit: PAGE, cursor }, signal);
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor && rows.length < CASES_MAX);
  return { rows, isMore: cursor !== undefined };
}

/** Cases of the last hours from where they came to how they stand, counted by the server. */
export const caseFlowQuery = (hours: number) =>
  queryOptions({
    queryKey: [...wallKeys.cases, 'flow', hours],
    queryFn: ({ signal }) => api.get<CaseFlow>('/incidents/flow', { from: hoursAgo(hours) }, signal),
    ...SHORT_LIVED,
  });

/** The cases of the last hours themselves: what is shown line by line. */
export const recentCasesQuery = (hours: number) =>
  queryOptions({
    queryKey: [...wallKeys.cases, 'recent', hours],
    queryFn: ({ signal }) => readMany({ from: hoursAgo(hours) }, signal),
    ...SHORT_LIVED,
  });

export const casePlacesQuery = queryOptions({
  queryKey: [...wallKeys.cases, 'places'],
  queryFn: async ({ signal }) => (await api.get<Page<IncidentRow>>('/incidents/map', {}, signal)).items,
  ...SHORT_LIVED,
});

async function readAlarms(query: Query, signal: AbortSignal): Promise<Alarm[]> {
  const out: Alarm[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ALARM_PAGES_MAX; page += 1) {
    const answer = await readAlarmPage(query, cursor, signal);
    out.push(...answer.items);
    cursor = answer.next ?? undefined;
    if (!cursor) break;
  }
  return out;
}

/** Open alarms, or those of the last hours. */
export const alarmsQuery = (asked: { open: true } | { hours: number }) =>
  queryOptions({
    queryKey: [...wallKeys.alarms, asked],
    queryFn: ({ signal }) => {
      const query: Query = 'open' in asked ? { open: true } : { from: hoursAgo(asked.hours) };
      return readAlarms(query, signal);
    },
    ...SHORT_LIVED,
  });

/** 1 is the worst: `2` are I and II. */
export function isAtLeast(severity: Severity, atLeast: number | undefined): boolean {
  return atLeast === undefined || SEVERITIES.indexOf(severity) < atLeast;
}
