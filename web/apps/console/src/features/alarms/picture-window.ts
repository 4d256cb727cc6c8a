import type { Alarm } from '@yiwang/api/types/alerting.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** More than this after the beginning says little about why. */
const AFTER_MAX_MS = 24 * HOUR_MS;

/** An hour before the condition began, and after its end a while; whole minutes, so that it is read once a minute. */
export function pictureWindow(
  alarm: Pick<Alarm, 'began_at' | 'opened_at' | 'ended_at'>,
  now: number,
): { from: number; to: number } {
  const began = Math.min(Date.parse(alarm.began_at), Date.parse(alarm.opened_at));
  const end = alarm.ended_at ? Date.parse(alarm.ended_at) + HOUR_MS / 2 : now + MINUTE_MS;
  const to = Math.min(end, now + MINUTE_MS, began + AFTER_MAX_MS);
  return {
    from: Math.floor((began - HOUR_MS) / MINUTE_MS) * MINUTE_MS,
    to: Math.floor(Math.max(to, began + MINUTE_MS) / MINUTE_MS) * MINUTE_MS,
  };
}
