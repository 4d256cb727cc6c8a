import { useQuery } from '@tanstack/react-query';
import type { VitalSeries } from '@yiwang/api/types/vitals.ts';
import type { DaysContent } from '@yiwang/chart/plots/content.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { civil, weekdayOf } from '@yiwang/i18n/time.ts';
import { useMemo } from 'react';
import { seriesQuery } from '../data/vitals.ts';
import { Frame } from '../parts/frame.tsx';
import { HeadFigure } from '../parts/head-figure.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useIndicators } from '../parts/use-indicators.ts';
import { numberOption, textOption, type WidgetProps } from '../widget.ts';

const WEEK_HOURS = 7 * 24;
const HOUR_MS = 3_600_000;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** An indicator's days, each as a cell of its week. */
export default function Days({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const code = textOption(options, 'indicator') ?? '';
  const area = textOption(options, 'area');
  const weeks = numberOption(options, 'weeks', 12);
  const query = useQuery(seriesQuery(code, area, weeks * WEEK_HOURS, 'day'));
  const { rows } = useIndicators([code], area);
  const [row] = rows;
  const content = useMemo(
    () =>
      query.data &&
      contentOf(query.data, {
        weeks,
        unit: row?.unit ?? '',
        precision: row?.precision ?? 0,
        weekdays: WEEKDAYS.map((day) => t(`wall.days.weekday.${day}`)),
        months: MONTHS.map((month) => t(`wall.days.month.${month}`)),
      }),
    [query.data, weeks, row?.unit, row?.precision, t],
  );
  const name = title ?? (text(row?.name) || t('wall.kinds.calendar'));
  return (
    <Frame
      title={name}
      reads={[query]}
      isEmpty={query.data?.points.length === 0}
      emptyWords={t('wall.frame.noValues')}
      asOf={row?.at}
      extra={row && <HeadFigure row={row} area={area} />}
    >
      {content && <PlotArea label={t('wall.days.label', { name, weeks })} content={content} />}
    </Frame>
  );
}

type Around = Pick<DaysContent, 'unit' | 'precision' | 'weekdays' | 'months'> & { weeks: number };

function contentOf({ points }: VitalSeries, { weeks, ...around }: Around): DaysContent {
  // Of several values of a day the last is the day's.
  const days = new Map(points.map(({ at, value }) => [civil(at).date, value]));
  const values = [...days.values()];
  const today = civil(Date.now()).date;
  const begin = Date.now() - (weeks * 7 - 1) * 24 * HOUR_MS;
  // Whole weeks, from a Monday.
  const back = weekdayOf(civil(begin).date) - 1;
  return {
    kind: 'days',
    days: [...days],
    from: civil(begin - back * 24 * HOUR_MS).date,
    to: today,
    min: values.length > 0 ? Math.min(...values) : 0,
    max: values.length > 0 ? Math.max(...values) : 1,
    ...around,
  };
}
