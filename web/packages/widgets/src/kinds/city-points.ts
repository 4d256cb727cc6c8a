import { useQuery } from '@tanstack/react-query';
import { type Alarm, SEVERITIES } from '@yiwang/api/types/alerting.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import type { BoardPoint } from '@yiwang/map/board/board.ts';
import { useMemo } from 'react';
import { alarmsQuery, casePlacesQuery } from '../data/cases.ts';
import { flagOption } from '../widget.ts';

/** Beyond a point's own age so that the worse lies above. */
const RANK_SECONDS = 1e10;
const orderOf = (rank: number, at: string) => Date.parse(at) / 1000 - rank * RANK_SECONDS;

/** Open cases and alarms that have a place, where the widget shows them. */
export function useOwnPoints(options: Record<string, unknown>) {
  const t = useT();
  const term = useTerm();
  const cases = useQuery({ ...casePlacesQuery, enabled: flagOption(options, 'cases') });
  const alarms = useQuery({ ...alarmsQuery({ open: true }), enabled: flagOption(options, 'alarms') });
  return useMemo(
    () => ({
      cases: cases.data?.flatMap((row) => casePoint(row, term('light', row.light))),
      alarms: alarms.data?.flatMap((alarm) => alarmPoint(alarm, t(`alerting.severity.${alarm.severity}`))),
    }),
    [cases.data, alarms.data, t, term],
  );
}

function casePoint(row: IncidentRow, mark: string): BoardPoint[] {
  if (!row.position) return [];
  const light = row.suspended ? 'none' : row.light;
  return [
    {
      id: row.id,
      ...row.position,
      picture: `light-${light}`,
      order: orderOf(LIGHTS.indexOf(light), row.created_at),
      facts: { title: row.title, note: row.number, status: row.status, mark, light },
    },
  ];
}

function alarmPoint(alarm: Alarm, mark: string): BoardPoint[] {
  if (!alarm.position) return [];
  return [
    {
      id: alarm.id,
      ...alarm.position,
      picture: `severity-${alarm.severity}`,
      order: orderOf(SEVERITIES.indexOf(alarm.severity), alarm.opened_at),
      facts: { title: alarm.rule_name, note: alarm.device_name, mark },
    },
  ];
}
