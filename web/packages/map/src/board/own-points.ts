import { type Alarm, SEVERITIES } from '@yiwang/api/types/alerting.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import type { BoardPoint } from './board.ts';

/** Beyond a point's own age, so that the worse lies above, then the newer. */
const RANK_SECONDS = 1e10;
const orderOf = (rank: number, at: string) => Date.parse(at) / 1000 - rank * RANK_SECONDS;

const SEVERITY_LIGHTS = { I: 'red', II: 'orange', III: 'yellow', IV: 'none' } as const;

/** A case where it lies, under the light that is meant, named by its word; nothing where it has no place. */
export function casePoint(row: IncidentRow, light: IncidentRow['light'], mark: string): BoardPoint[] {
  if (!row.position) return [];
  return [
    {
      id: row.id,
      ...row.position,
      picture: `light-${light}`,
      order: orderOf(LIGHTS.indexOf(light), row.created_at),
      facts: {
        title: row.title,
        note: [row.number, row.address].filter(Boolean).join(' '),
        status: row.status,
        mark,
        light,
      },
    },
  ];
}

/** An alarm where its device is, its severity in a word. */
export function alarmPoint(alarm: Alarm, mark: string): BoardPoint[] {
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
        mark,
        light: SEVERITY_LIGHTS[alarm.severity],
      },
    },
  ];
}
