import type { LiveEvent } from '@yiwang/api/live.ts';
import { type Alarm, SEVERITIES, type Severity } from '@yiwang/api/types/alerting.ts';
import type { Page } from '@yiwang/api/types/shared.ts';

export interface AlarmPages {
  pages: Page<Alarm>[];
  pageParams: (string | undefined)[];
}

/** What an event tells of an alarm; the rest is read. */
export interface AlarmChange {
  id: string;
  version: number;
  what: string;
  severity?: Severity;
  is_open?: boolean;
}

export function alarmChangeOf(event: LiveEvent): AlarmChange | undefined {
  if (!event.kind.startsWith('alarm.')) return undefined;
  const { id, version, severity, is_open } = event.body;
  const change: AlarmChange = {
    id: typeof id === 'string' ? id : event.subject_id,
    version: typeof version === 'number' ? version : 0,
    what: event.kind.slice('alarm.'.length),
  };
  if (SEVERITIES.includes(severity as Severity)) change.severity = severity as Severity;
  if (typeof is_open === 'boolean') change.is_open = is_open;
  return change.id ? change : undefined;
}

function withEach<T extends AlarmPages>(data: T, change: (alarm: Alarm) => Alarm): T {
  let touched = false;
  const pages = data.pages.map((page) => {
    const items = page.items.map(change);
    if (items.every((alarm, index) => alarm === page.items[index])) return page;
    touched = true;
    return { ...page, items };
  });
  return touched ? { ...data, pages } : data;
}

/** Puts changes into the rows that are shown. An older version never overwrites a newer one. */
export const patchAlarms = <T extends AlarmPages>(data: T, changes: ReadonlyMap<string, AlarmChange>): T =>
  withEach(data, (alarm) => {
    const change = changes.get(alarm.id);
    if (!change || change.version <= alarm.version) return alarm;
    return {
      ...alarm,
      version: change.version,
      severity: change.severity ?? alarm.severity,
      is_open: change.is_open ?? alarm.is_open,
    };
  });

/** Replaces an alarm by a newer reading of it. */
export const replaceAlarm = <T extends AlarmPages>(data: T, fresh: Alarm): T =>
  withEach(data, (alarm) => (alarm.id === fresh.id && fresh.version >= alarm.version ? fresh : alarm));

/**
 * Lays a fresh first page over the pages that are held, without a gap and without doubles. Ids grow with time, so
 * what is older than the end of the fresh page still belongs before the second page.
 */
export function mergeAlarmHead<T extends AlarmPages>(data: T, fresh: Page<Alarm>): T {
  const [head, ...rest] = data.pages;
  if (!head) return data;
  if (!fresh.next) return { ...data, pages: [fresh], pageParams: data.pageParams.slice(0, 1) };
  const seen = new Set(fresh.items.map((alarm) => alarm.id));
  const end = fresh.items.at(-1)?.id ?? '';
  const kept = head.items.filter((alarm) => !seen.has(alarm.id) && alarm.id < end);
  const tail = rest.map((page) =>
    page.items.some((alarm) => seen.has(alarm.id))
      ? { ...page, items: page.items.filter((alarm) => !seen.has(alarm.id)) }
      : page,
  );
  return { ...data, pages: [{ ...head, items: [...fresh.items, ...kept] }, ...tail] };
}
