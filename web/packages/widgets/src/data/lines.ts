import type { Alarm } from '@yiwang/api/types/alerting.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import type { VitalNotice } from '@yiwang/api/types/vitals.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import type { Tone } from '../parts/figures.ts';
import { toneOfGrade } from '../parts/figures.ts';
import type { Way } from '../parts/setting.ts';

/** Something that happened, as a row of a list. */
export interface Line {
  id: string;
  kind: 'alarms' | 'cases' | 'notices';
  at: string;
  tone: Tone;
  /** Its level in a word. */
  tag: string;
  title: string;
  note: string;
  way: Way;
}

export interface LineWords {
  t: Translate;
  term: (list: string, code: string | null | undefined) => string;
  /** Nothing for the city itself. */
  townName: (code: string) => string | undefined;
}

const SEVERITY_TONES: Record<Alarm['severity'], Tone> = {
  I: 'alarm',
  II: 'warning',
  III: 'attention',
  IV: 'plain',
};

const LIGHT_TONES: Record<IncidentRow['light'], Tone> = {
  red: 'alarm',
  orange: 'warning',
  yellow: 'attention',
  green: 'normal',
  none: 'plain',
};

export const alarmLine = (alarm: Alarm, { t }: LineWords): Line => ({
  id: `alarm:${alarm.id}`,
  kind: 'alarms',
  at: alarm.opened_at,
  tone: SEVERITY_TONES[alarm.severity],
  tag: t(`alerting.severity.${alarm.severity}`),
  title: alarm.rule_name,
  note: alarm.place || alarm.area_name || alarm.device_name,
  way: { to: '/alarms', search: { phase: 'all', sel: alarm.id } },
});

export const caseLine = (row: IncidentRow, { term }: LineWords): Line => ({
  id: `case:${row.id}`,
  kind: 'cases',
  at: row.created_at,
  tone: LIGHT_TONES[row.suspended ? 'none' : row.light],
  tag: term('status', row.status),
  title: row.title,
  note: row.address ?? '',
  way: { to: '/incidents', search: { scope: 'all', q: row.number, sel: row.id } },
});

export const noticeLine = (notice: VitalNotice, { t, townName }: LineWords): Line => ({
  id: `notice:${notice.id}`,
  kind: 'notices',
  at: notice.at,
  tone: toneOfGrade(notice.grade),
  tag: t(`wall.tone.${notice.grade}`),
  title: [townName(notice.area), notice.name].filter(Boolean).join(' '),
  note: t(`wall.follow.${notice.action}`),
  way: { to: '/vitals/notices', search: { sel: notice.id } },
});

/** The newest first, and no more than asked for. */
export const newestFirst = (lines: readonly Line[], limit: number): Line[] =>
  lines.toSorted((one, other) => other.at.localeCompare(one.at)).slice(0, limit);
