const ZONE = 'Asia/Shanghai';
const MINUTE_MS = 60_000;

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** An instant as the city's clock shows it. */
export function civil(at: string | number | Date): {
  date: string;
  time: string;
  seconds: string;
  year: string;
} {
  const map = Object.fromEntries(parts.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
  return {
    date: `${map.year}-${map.month}-${map.day}`,
    time: `${map.hour}:${map.minute}`,
    seconds: `${map.second}`,
    year: `${map.year}`,
  };
}

/** Short form: the time today, the day within the year, the date before. */
export function shortTime(at: string | null | undefined, now: number): string {
  if (!at) return '';
  const then = civil(at);
  const today = civil(now);
  if (then.date === today.date) return then.time;
  if (then.year === today.year) return `${then.date.slice(5)} ${then.time}`;
  return then.date;
}

export function fullTime(at: string | null | undefined): string {
  if (!at) return '';
  const { date, time, seconds } = civil(at);
  return `${date} ${time}:${seconds}`;
}

export interface Span {
  key: 'minutes' | 'hours' | 'days';
  values: { n?: number; h?: number; m?: number; d?: number };
}

/** A length of time in two units at most: `{hours, 2, 15}`. */
export function spanOf(ms: number): Span {
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  if (minutes < 60) return { key: 'minutes', values: { n: minutes } };
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return { key: 'hours', values: { h: hours, m: minutes % 60 } };
  return { key: 'days', values: { d: Math.floor(hours / 24), h: hours % 24 } };
}

/** Day and time without seconds, for lists of what is in the past. */
export function dayTime(at: string | null | undefined): string {
  if (!at) return '';
  const { date, time } = civil(at);
  return `${date.slice(2)} ${time}`;
}

/** 1 Monday … 7 Sunday, of a date `2026-11-25`. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

const OFFSET = '+08:00';
/** How far the city's clock is ahead of UTC; it has no summer time. */
export const OFFSET_MS = 8 * 60 * MINUTE_MS;

/** The instant of a local time as fields for date and time give it, `2026-11-25T17:30`. */
export function instantOf(local: string): string {
  return new Date(`${local.length === 16 ? `${local}:00` : local}${OFFSET}`).toISOString();
}

/** The local time of an instant as fields for date and time take it. */
export function localOf(at: string | number | Date): string {
  const { date, time } = civil(at);
  return `${date}T${time}`;
}
