import { useQuery, useQueryClient } from '@tanstack/react-query';
import { alarmKeys, readAlarmPage } from '@yiwang/api/alerting-api.ts';
import { mapPointsQuery } from '@yiwang/api/incident-api.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import type { BoardPoint } from '@yiwang/map/board/board.ts';
import { alarmPoint, casePoint } from '@yiwang/map/board/own-points.ts';
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
      cases: rows.flatMap((row) => {
        const light = row.suspended ? 'none' : (dueNow(row.due_at, row.light, now)?.light ?? row.light);
        return casePoint(row, light, term('light', light));
      }),
      alarms: open.flatMap((alarm) => alarmPoint(alarm, t(`alerting.severity.${alarm.severity}`))),
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
