import { type Translate, useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { civil, weekdayOf } from '@yiwang/i18n/time.ts';

/** How much time is left, or by how much it is over. */
export function useDueWords(): (ms: number) => string {
  const t = useT();
  return (ms) => t(ms < 0 ? 'shell.time.over' : 'shell.time.left', { span: spanWords(t, ms) });
}

const DAY_MS = 86_400_000;

function dayWords(t: Translate, at: string, now: number): string {
  const { date, time, year } = civil(at);
  const day = year === civil(now).year ? date.slice(5) : date;
  return `${day} ${t(`shell.time.weekdays.${weekdayOf(date)}`)} ${time}`;
}

/** An instant that somebody plans by: with its weekday, and the year when it is another one. */
export function useDayTime(): (at: string | null | undefined) => string {
  const t = useT();
  return (at) => (at ? dayWords(t, at, Date.now()) : '');
}

/** When something has to be done: today, tomorrow, or a day with its weekday. */
export function usePlanned(): (at: string | null | undefined, now: number) => string {
  const t = useT();
  return (at, now) => {
    if (!at) return '';
    const { date, time } = civil(at);
    if (date === civil(now).date) return t('shell.time.today', { time });
    if (date === civil(now + DAY_MS).date) return t('shell.time.tomorrow', { time });
    return dayWords(t, at, now);
  };
}
