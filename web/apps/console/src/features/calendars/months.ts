import type { CalendarDay } from '@yiwang/api/types/calendar.ts';
import { weekdayOf } from '@yiwang/i18n/time.ts';

export type DayMark = 'holiday' | 'workday' | 'half' | 'season' | 'weekend' | 'normal';

/** What is special about a day, the rarest first. */
export function markOf(day: CalendarDay): DayMark {
  if (day.kind === 'holiday') return 'holiday';
  if (day.kind === 'adjusted_workday') return 'workday';
  if (day.half_day) return 'half';
  if (!day.working) return 'weekend';
  return day.seasonal ? 'season' : 'normal';
}

export interface Month {
  number: number;
  working: number;
  /** Weeks from Monday to Sunday; days of other months are left out. */
  weeks: (CalendarDay | undefined)[][];
}

/** The days of a year as months of weeks. */
export function monthsOf(days: readonly CalendarDay[]): Month[] {
  const months: Month[] = [];
  for (const day of days) {
    const number = Number(day.date.slice(5, 7));
    const weekday = weekdayOf(day.date) - 1;
    let month = months.at(-1);
    if (month?.number !== number) {
      month = { number, working: 0, weeks: [] };
      months.push(month);
    }
    let week = month.weeks.at(-1);
    if (!week || weekday === 0) {
      week = Array.from({ length: 7 }, () => undefined);
      month.weeks.push(week);
    }
    week[weekday] = day;
    if (day.working) month.working += 1;
  }
  return months;
}
