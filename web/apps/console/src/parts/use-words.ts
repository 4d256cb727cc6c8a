import { type Translate, useT } from '@yiwang/i18n/i18n.ts';
import { civil, spanOf, weekdayOf } from '@yiwang/i18n/time.ts';

/** A length of time in words. */
export function spanWords(t: Translate, ms: number): string {
  const { key, values } = spanOf(ms);
  return t(`shell.time.${key}`, values);
}

/** How much time is left, or by how much it is over. */
export function useDueWords(): (ms: number) => string {
  const t = useT();
  return (ms) => t(ms < 0 ? 'shell.time.over' : 'shell.time.left', { span: spanWords(t, ms) });
}

/** An instant that somebody plans by: with its weekday, and the year when it is another one. */
export function useDayTime(): (at: string | null | undefined) => string {
  const t = useT();
  return (at) => {
    if (!at) return '';
    const { date, time, year } = civil(at);
    const day = year === civil(Date.now()).year ? date.slice(5) : date;
    return `${day} ${t(`shell.time.weekdays.${weekdayOf(date)}`)} ${time}`;
  };
}
