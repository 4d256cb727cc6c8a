import { useQuery, useQueryClient } from '@tanstack/react-query';
import { alarmKeys, readAlarmPage } from '@yiwang/api/alerting-api.ts';
import { mapPointsQuery } from '@yiwang/api/incident-api.ts';
import { type Alarm, SEVERITIES } from '@yiwang/api/types/alerting.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import type { BoardPoint } from '@yiwang/map/board/board.ts';
import { useEffect, useMemo } from 'react';
import { onLive } from '../../app/live-store.ts';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { dueNow } from '../../parts/due.ts';

const ALARM_PAGES_MAX = 10;
const GATHER_MS = 700;
/** Whatever the stream missed comes with the next round. */
const ROUND_MS = 30_000;

async function openAlarms(at: string | undefined, signal: AbortSignal): Promise<Alarm[]> {
  const out: Alarm[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ALARM_PAGES_MAX; page += 1) {
    const answer = await readAlarmPage(at ? { at } : { open: true }, cursor, signal);
    out.push(...answer.items);
    cursor = answer.next ?? undefined;
    if (!cursor) break;
  }
  return out;
}

const NONE: never[] = [];

export interface OwnPoints {
  cases: BoardPoint[];
  alarms: BoardPoint[];
  /** Open ones without a place are not on the map. */
  missing: number;
  counts: Record<'cases' | 'alarms', number | undefined>;
  fault: unknown;
}

/** Cases and alarms that are open, or were at an instant; cases by their light, of which the past keeps none. */
export function usePoints(at: string | undefined): OwnPoints {
  const { can } = useSigned();
  const t = useT();
  const term = useTerm();
  const now = useNow();
  // What was, stays so.
  const refetchInterval = at === undefined ? ROUND_MS : false;
  const cases = useQuery({
    ...mapPointsQuery(at ? { at } : {}),
    enabled: can('incident.read'),
    refetchInterval,
  });
  const alarms = useQuery({
    queryKey: [...alarmKeys.all, 'map', at],
    queryFn: ({ signal }) => openAlarms(at, signal),
    enabled: can('alerting.read'),
    refetchInterval,
  });
  usePointsLive(at !== undefined);
  return useMemo(() => {
    const rows = cases.data ?? NONE;
    const open = alarms.data ?? NONE;
    const points = {
      cases: rows.flatMap((row) => casePoint(row, now, term)),
      alarms: open.flatMap((alarm) => alarmPoint(alarm, t)),
    };
    return {
      ...points,
      missing: open.length - points.alarms.length,
      counts: {
        cases: cases.data && rows.length,
        alarms: alarms.data && open.length,
      },
      fault: cases.error ?? alarms.error,
    };
  }, [cases.data, cases.error, alarms.data, alarms.error, now, t, term]);
}

/** The worse above, then the newer. */
const RANK_SECONDS = 1e10;
const orderOf = (rank: number, at: string) => Date.parse(at) / 1000 - rank * RANK_SECONDS;

type Term = (list: string, code: string) => string;

function casePoint(row: IncidentRow, now: number, term: Term): BoardPoint[] {
  if (!row.position) return [];
  const light = row.suspended ? 'none' : (dueNow(row.due_at, row.light, now)?.light ?? row.light);
  const mark = term('light', light);
  return [
    {
      id: row.id,
      ...row.position,
      picture: `light-${light}`,
      order: orderOf(LIGHTS.indexOf(light), row.created_at),
      facts: { title: row.title, note: `${row.number} ${row.address}`, status: row.status, mark, light },
    },
  ];
}

const SEVERITY_LIGHTS = { I: 'red', II: 'orange', III: 'yellow', IV: 'none' } as const;

function alarmPoint(alarm: Alarm, t: (key: string) => string): BoardPoint[] {
  if (!alarm.position) return [];
  return [
    {
      id: alarm.id,
      ...alarm.position,
      picture: `severity-${alarm.severity}`,
      order: orderOf(SEVERITIES.indexOf(alarm.severity), alarm.opened_at),
      facts: {
        title: alarm.rule_name,
        note: alarm.device_name,
        mark: t(`alerting.severity.${alarm.severity}`),
        light: SEVERITY_LIGHTS[alarm.severity],
      },
    },
  ];
}

/** Reads again what events tell of, many events at once. */
function usePointsLive(isPast: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (isPast) return;
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const forget = onLive(({ kind }) => {
      const what = kind.startsWith('incident.') ? 'incidents' : kind.startsWith('alarm.') ? 'alarms' : '';
      if (!what || timers.has(what)) return;
      const read = () => {
        timers.delete(what);
        void client.invalidateQueries({ queryKey: [what, 'map'] });
      };
      timers.set(what, setTimeout(read, GATHER_MS));
    });
    return () => {
      forget();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [client, isPast]);
}
