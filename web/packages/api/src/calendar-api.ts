import { queryOptions } from '@tanstack/react-query';
import { readAll } from './catalog-api.ts';
import { api } from './client.ts';
import type { CalendarDays, CalendarView, DeadlineView, PreviewDeadline } from './types/calendar.ts';

export const calendarsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: ({ signal }) => readAll<CalendarView>('/calendars', {}, signal),
  staleTime: 5 * 60_000,
});

export const calendarDaysQuery = (name: string, year: number) =>
  queryOptions({
    queryKey: ['calendars', name, year],
    queryFn: ({ signal }) =>
      api.get<CalendarDays>(`/calendars/${encodeURIComponent(name)}/days`, { year }, signal),
    staleTime: 5 * 60_000,
  });

export const previewDeadline = (body: PreviewDeadline) => api.post<DeadlineView>('/deadlines/preview', body);
