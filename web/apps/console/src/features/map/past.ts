/** How far back the map is asked for. */
export const PAST_DAYS_MAX = 31;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
export const PAST_MINUTES_MAX = PAST_DAYS_MAX * 24 * 60;

export const STEPS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: DAY_MS } as const;
export type Step = keyof typeof STEPS;

/** An instant of the past, on the minute; nothing where it is now or later. Too far back is as far as it goes. */
export function pastOf(ms: number, now: number): string | undefined {
  const earliest = now - PAST_DAYS_MAX * DAY_MS;
  const minute = Math.floor(Math.max(ms, earliest) / MINUTE_MS) * MINUTE_MS;
  return minute > now - MINUTE_MS ? undefined : new Date(minute).toISOString();
}

/** Where on the bar an instant stands: minutes before now, as a number that grows to the right. */
export function barOf(at: string | undefined, now: number): number {
  if (!at) return PAST_MINUTES_MAX;
  const minutes = PAST_MINUTES_MAX - Math.floor((now - Date.parse(at)) / MINUTE_MS);
  return Math.min(PAST_MINUTES_MAX, Math.max(0, minutes));
}

export const instantOfBar = (bar: number, now: number): string | undefined =>
  pastOf(now - (PAST_MINUTES_MAX - bar) * MINUTE_MS, now);

/** One step from where one is; past the end of the bar is now. */
export function stepped(at: string | undefined, step: Step, way: 1 | -1, now: number): string | undefined {
  if (!at && way > 0) return undefined;
  return pastOf((at ? Date.parse(at) : now) + way * STEPS[step], now);
}
