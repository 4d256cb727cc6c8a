import type { CalendarDay } from '@yiwang/api/types/calendar.ts';
import { expect, it } from 'vitest';
import { markOf, monthsOf } from './months.ts';

const day = (date: string, more: Partial<CalendarDay> = {}): CalendarDay => ({
  date,
  kind: 'normal',
  working: true,
  half_day: false,
  seasonal: false,
  shifts: ['08:30-11:30'],
  ...more,
});

it('lays the days of a month into weeks from Monday', () => {
  // 2026-10-31 is a Saturday, 2026-11-01 a Sunday.
  const days = [day('2026-10-31', { working: false }), day('2026-11-01', { working: false })];
  const november = Array.from({ length: 29 }, (_, at) => day(`2026-11-${String(at + 2).padStart(2, '0')}`));
  const months = monthsOf([...days, ...november]);
  expect(months.map((month) => [month.number, month.working, month.weeks.length])).toEqual([
    [10, 0, 1],
    [11, 29, 6],
  ]);
  expect(months[1]?.weeks[0]?.map((one) => one?.date)).toEqual([
    ...Array.from({ length: 6 }, () => undefined),
    '2026-11-01',
  ]);
  expect(months[1]?.weeks[1]?.[0]?.date).toBe('2026-11-02');
});

it('says what is special about a day', () => {
  expect(markOf(day('2026-10-01', { kind: 'holiday', working: false }))).toBe('holiday');
  expect(markOf(day('2026-10-10', { kind: 'adjusted_workday' }))).toBe('workday');
  expect(markOf(day('2026-02-13', { half_day: true }))).toBe('half');
  expect(markOf(day('2026-11-28', { working: false }))).toBe('weekend');
  expect(markOf(day('2026-07-01', { seasonal: true }))).toBe('season');
  expect(markOf(day('2026-11-25'))).toBe('normal');
});
