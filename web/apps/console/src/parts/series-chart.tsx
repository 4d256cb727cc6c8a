import type { ChartContent } from '@yiwang/chart/option.ts';
import { numberWords } from '@yiwang/chart/shape.ts';
import { useLanguage, useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Boundary, Loading } from '@yiwang/ui/states.tsx';
import { useTheme } from '@yiwang/ui/theme-provider.tsx';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import './series-chart.css';

const Chart = lazy(() => import('@yiwang/chart/series-chart.tsx'));
const TABLE_MAX = 100;

type SeriesChartProps = Omit<ChartContent, 'words'> & {
  height?: number;
  onBand?: ((id: string) => void) | undefined;
  /** What the band around the values is, where it is not that of the least and the greatest. */
  bandWord?: string | undefined;
  /** What is beside the name. */
  note?: ReactNode;
};

/** One property over time, in words for those who do not see it, and as a table for those who want figures. */
export function SeriesChart({ height = 170, onBand, bandWord, note, ...content }: SeriesChartProps) {
  const t = useT();
  const { theme } = useTheme();
  const language = useLanguage();
  const words = useMemo(
    () => ({
      doubted: t('sensing.chart.doubted'),
      range: bandWord ?? t('sensing.chart.band'),
      forecast: t('sensing.chart.forecast'),
    }),
    [t, bandWord],
  );
  const { name, unit, points, lines, marks, bands, forecast, from, to, stepMs, isFlag } = content;
  const drawn = useMemo<ChartContent>(
    () => ({ name, unit, points, lines, marks, bands, forecast, from, to, stepMs, isFlag, words }),
    [name, unit, points, lines, marks, bands, forecast, from, to, stepMs, isFlag, words],
  );
  const values = points.flatMap(({ v }) => (typeof v === 'number' ? [v] : []));
  const caption = (
    <figcaption>
      <strong>{name}</strong> {unit && <span className="yw-dim">{unit}</span>} {note}
    </figcaption>
  );
  if (values.length === 0)
    return (
      <figure className="series-chart">
        {caption}
        <p className="yw-dim">{t('sensing.chart.nothing')}</p>
      </figure>
    );
  const label = t('sensing.chart.label', {
    name,
    from: dayTime(new Date(from).toISOString()),
    to: dayTime(new Date(to).toISOString()),
    count: values.length,
    min: numberWords(Math.min(...values)),
    max: numberWords(Math.max(...values)),
  });
  return (
    <figure className="series-chart">
      {caption}
      <Boundary>
        <Suspense fallback={<Loading />}>
          <Chart
            label={label}
            content={drawn}
            theme={theme}
            language={language}
            height={height}
            onBand={onBand}
          />
        </Suspense>
      </Boundary>
      <Figures {...content} bandWord={bandWord} />
    </figure>
  );
}

function Figures({ points, unit, bandWord }: Omit<SeriesChartProps, 'height' | 'onBand'>) {
  const t = useT();
  const rows = points.slice(-TABLE_MAX).reverse();
  const hasBand = rows.some((point) => typeof point.min === 'number');
  const said = (value: number | null | undefined) => (typeof value === 'number' ? numberWords(value) : '—');
  return (
    <details className="series-figures">
      <summary>{t('sensing.chart.table')}</summary>
      <table className="yw-table">
        <caption>{t('sensing.chart.tableNote', { count: rows.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sensing.chart.time')}</th>
            <th scope="col">
              {t('sensing.detail.value')} {unit}
            </th>
            {hasBand && <th scope="col">{`${bandWord ?? ''} ${t('sensing.chart.least')}`}</th>}
            {hasBand && <th scope="col">{`${bandWord ?? ''} ${t('sensing.chart.greatest')}`}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.t}>
              <td>{dayTime(new Date(point.t).toISOString())}</td>
              <td>{said(point.v)}</td>
              {hasBand && <td>{said(point.min)}</td>}
              {hasBand && <td>{said(point.max)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
