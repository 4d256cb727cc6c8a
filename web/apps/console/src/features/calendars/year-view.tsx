import { useQuery } from '@tanstack/react-query';
import { calendarDaysQuery } from '@yiwang/api/calendar-api.ts';
import type { CalendarDay, CalendarDays, CalendarView } from '@yiwang/api/types/calendar.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil, weekdayOf } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { type DayMark, type Month, markOf, monthsOf } from './months.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const LEGEND: readonly DayMark[] = ['holiday', 'workday', 'half', 'season', 'weekend'];

/** Twelve months at once; every special day has a letter besides its colour. */
export function YearView({ calendar, year }: { calendar: CalendarView; year: number }) {
  const query = useQuery(calendarDaysQuery(calendar.name, year));
  return <Loaded query={query}>{(days) => <Year days={days} />}</Loaded>;
}

function Year({ days }: { days: CalendarDays }) {
  const t = useT();
  const marks = new Set(days.days.map(markOf));
  return (
    <Panel
      scroll
      title={t('calendars.workingDays', { count: days.working_days })}
      extra={LEGEND.filter((mark) => marks.has(mark)).map((mark) => (
        <span key={mark} className="legend">
          <span className="day" data-mark={mark}>
            {mark === 'weekend' ? '' : t(`calendars.marks.${mark}`)}
          </span>
          {t(`calendars.legend.${mark}`)}
        </span>
      ))}
    >
      {days.estimated && (
        <Alert type="warning" showIcon title={t('calendars.estimated', { year: days.year })} />
      )}
      <div className="months">
        {monthsOf(days.days).map((month) => (
          <MonthTable key={month.number} month={month} />
        ))}
      </div>
    </Panel>
  );
}

function MonthTable({ month }: { month: Month }) {
  const t = useT();
  return (
    <table className="month">
      <caption>
        {t(`calendars.months.${month.number}`)}
        <span className="yw-dim">{t('calendars.workingDays', { count: month.working })}</span>
      </caption>
      <thead>
        <tr>
          {WEEKDAYS.map((day) => (
            <th key={day} scope="col">
              {t(`calendars.weekdays.${day}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week) => (
          <tr key={week.find(Boolean)?.date}>
            {WEEKDAYS.map((weekday) => (
              <DayCell key={weekday} day={week[weekday - 1]} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({ day }: { day: CalendarDay | undefined }) {
  const t = useT();
  const now = useNow();
  if (!day) return <td />;
  const mark = markOf(day);
  const hours = day.shifts.length > 0 ? day.shifts.join(' · ') : t('calendars.off');
  const words = `${day.date} ${t(`shell.time.weekdays.${weekdayOf(day.date)}`)} ${t(`calendars.legend.${mark}`)} ${hours}`;
  const isLettered = mark === 'holiday' || mark === 'workday' || mark === 'half';
  return (
    <td>
      <span
        className="day"
        data-mark={mark}
        data-seasonal={day.seasonal && day.working}
        data-today={day.date === civil(now).date}
        title={words}
      >
        {Number(day.date.slice(8))}
        {isLettered && <sup>{t(`calendars.marks.${mark}`)}</sup>}
      </span>
    </td>
  );
}
