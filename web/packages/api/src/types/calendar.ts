import type { Text } from './shared.ts';

export interface CalendarView {
  name: string;
  title: Text;
  version: number;
  kind: 'always' | 'weekly';
  verified: boolean;
  source?: Text | null;
  /** The working time of a usual working day, `08:30-11:30`. */
  shifts: string[];
  seasons: { from: string; to: string; shifts: string[] }[];
  utc_offset_minutes: number;
  days_known_until?: string | null;
}

export interface CalendarDay {
  date: string;
  kind: 'normal' | 'holiday' | 'adjusted_workday';
  working: boolean;
  half_day: boolean;
  seasonal: boolean;
  shifts: string[];
}

export interface CalendarDays {
  name: string;
  year: number;
  estimated: boolean;
  working_days: number;
  days: CalendarDay[];
}

export interface PreviewDeadline {
  calendar: string;
  start: string;
  limit: string;
  suspensions: { from: string; until?: string }[];
}

export interface DeadlineView {
  due?: string | null;
  explanation: Text;
  beyond_known: boolean;
}
