import { useQuery } from '@tanstack/react-query';
import type { VitalLimits, VitalSeries } from '@yiwang/api/types/vitals.ts';
import { vitalSeriesQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SeriesChart } from '../../parts/series-chart.tsx';
import {
  forecastOf,
  gradeBands,
  limitLines,
  pointsOf,
  SERIES_RANGES,
  type SeriesRange,
  STEP_MS,
  seriesRangeOf,
} from './series.ts';
import './series-panel.css';

interface PanelProps {
  code: string;
  name: string;
  unit: string;
  precision: number;
  limits?: VitalLimits | null | undefined;
  height?: number;
}

/** Values of a day, a week or forty days, with what is usual, what is to come, and the colours of grades. */
export function SeriesPanel(props: PanelProps) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const range = seriesRangeOf(search.range);
  const query = useQuery(vitalSeriesQuery(props.code, search.area, range));
  return (
    <>
      <Segmented
        size="small"
        aria-label={t('vitals.series.range')}
        value={range.key}
        onChange={(key) => setSearch({ range: key === 'h24' ? undefined : key }, { replace: true })}
        options={SERIES_RANGES.map(({ key }) => ({ value: key, label: t(`vitals.series.ranges.${key}`) }))}
      />
      <Loaded query={query}>
        {(series) => <Drawn {...props} series={series} range={range} readAt={query.dataUpdatedAt} />}
      </Loaded>
    </>
  );
}

const HOUR_MS = 3_600_000;

interface DrawnProps extends PanelProps {
  series: VitalSeries;
  range: SeriesRange;
  readAt: number;
}

function Drawn({ name, unit, limits, height = 260, series, range, readAt }: DrawnProps) {
  const t = useT();
  const drawn = useMemo(() => {
    const forecast = forecastOf(series.forecast);
    return {
      points: pointsOf(series.points),
      bands: gradeBands(series.points, STEP_MS[series.step], readAt),
      lines: limitLines(limits, (grade) => t(`vitals.state.${grade}`)),
      forecast,
      to: Math.max(readAt, forecast.at(-1)?.t ?? 0),
    };
  }, [series, limits, readAt, t]);
  if (series.points.length === 0) return <Empty text={t('vitals.series.none')} />;
  const hasUsual = drawn.points.some(({ min }) => min !== undefined);
  return (
    <>
      <SeriesChart
        name={name}
        unit={unit}
        points={drawn.points}
        bands={drawn.bands}
        lines={drawn.lines}
        forecast={drawn.forecast}
        from={readAt - range.hours * HOUR_MS}
        to={drawn.to}
        stepMs={STEP_MS[series.step]}
        height={height}
        bandWord={t('vitals.series.usual')}
      />
      <ul className="vitals-legend">
        <li data-kind="line">{t('vitals.series.value')}</li>
        {hasUsual && <li data-kind="usual">{t('vitals.series.usualHint')}</li>}
        {drawn.forecast.length > 0 && <li data-kind="forecast">{t('vitals.series.forecast')}</li>}
        {drawn.bands.length > 0 && <li data-kind="grade">{t('vitals.series.grades')}</li>}
        <li className="yw-dim">{t(`vitals.series.step.${series.step}`)}</li>
      </ul>
    </>
  );
}
