import type { Alarm } from '@yiwang/api/types/alerting.ts';

/** Stands for its members: a storm, or devices that agree. */
export const isGroup = (alarm: Pick<Alarm, 'kind'>): boolean =>
  alarm.kind === 'storm' || alarm.kind === 'agreement';

/** Where that which keeps an alarm quiet can be seen, as it stands in the address. */
export function quietedBy(
  alarm: Pick<Alarm, 'suppressed_by' | 'suppressed_ref'>,
): Record<string, string | undefined> | undefined {
  const ref = alarm.suppressed_ref ?? undefined;
  if (alarm.suppressed_by === 'maintenance') return { tab: 'windows', sel: undefined, over: 'all' };
  if (alarm.suppressed_by === 'parent' && ref) return { tab: undefined, sel: ref };
  return undefined;
}
