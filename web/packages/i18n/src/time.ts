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
