import { useQueries, useQuery } from '@tanstack/react-query';
import type { IndicatorDetail, VitalSeries, VitalStep } from '@yiwang/api/types/vitals.ts';
import type { PlotTone, TrendContent } from '@yiwang/chart/plots/content.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { definitionQuery, seriesQuery } from '../data/vitals.ts';
import { figureOf, toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { HeadFigure } from '../parts/head-figure.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useIndicators } from '../parts/use-indicators.ts';
import { useTownNames } from '../parts/use-line-words.ts';
import { flagOption, listOption, numberOption, textOption, type WidgetProps } from '../widget.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** So many deviations around what is usual are usual. */
const USUAL_SPREADS = 2;

export const stepFor = (hours: number): VitalStep =>
  hours <= 6 ? 'five_minutes' : hours <= 14 * DAY_HOURS ? 'hour' : 'day';

const valuesOf = (answers: { data: VitalSeries | undefined }[]) => answers.map((answer) => answer.data);

/** An indicator over time: what was, what is usual, what is to come; other areas beside it. */
export default function Trend({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const code = textOption(options, 'indicator') ?? '';
  const area = textOption(options, 'area');
  const hours = numberOption(options, 'hours', DAY_HOURS);
  const step = stepFor(hours);
  const { rows } = useIndicators([code], area);
  const own = useQuery(seriesQuery(code, area, hours, step));
  const definition = useQuery(definitionQuery(code, area)).data;
  const others = useMemo(() => listOption(options, 'compare'), [options]);
  const beside = useQueries({
    queries: others.map((other) => seriesQuery(code, other, hours, step)),
    combine: valuesOf,
  });
  const names = useTownNames(others.length > 0);
  const isForecast = flagOption(options, 'forecast');
  const content = useMemo(() => {
    if (!own.data) return undefined;
    const lines = beside.flatMap((series, index) => {
      const other = others[index] ?? '';
      return series ? [lineOf(series, other, names.get(other) ?? other)] : [];
    });
    const ownName = names.get(own.data.area) ?? t('wall.trend.own');
    return contentOf({
      own: own.data,
      lines: [lineOf(own.data, 'own', ownName), ...lines],
      definition,
      hours,
      isForecast,
      words: { usual: t('wall.trend.usual'), forecast: t('wall.trend.forecast') },
      grade: (tone) => t(`wall.tone.${tone}`),
    });
  }, [own.data, definition, hours, isForecast, names, t, others, beside]);
  const [row] = rows;
  const name = title ?? (text(row?.name ?? definition?.name) || t('wall.kinds.line'));
  return (
    <Frame
      title={name}
      reads={[own]}
      isEmpty={own.data?.points.length === 0}
      emptyWords={t('wall.frame.noValues')}
      asOf={row?.at}
      extra={row && <HeadFigure row={row} area={area} />}
    >
      {content && (
        <PlotArea
          label={t('wall.trend.label', {
            name,
            value: figureOf(row?.value, row?.precision),
            tone: row ? t(`wall.tone.${toneOf(row.state)}`) : '',
          })}
          content={content}
        />
      )}
    </Frame>
  );
}

const lineOf = (series: VitalSeries, id: string, name: string) => ({
  id,
  name,
  points: series.points.map(({ at, value }) => [Date.parse(at), value] as const),
});

interface Given {
  own: VitalSeries;
  lines: TrendContent['lines'];
  definition: IndicatorDetail | undefined;
  hours: number;
  isForecast: boolean;
  words: TrendContent['words'];
  grade: (tone: PlotTone) => string;
}

function contentOf({ own, lines, definition, hours, isForecast, words, grade }: Given): TrendContent {
  const now = Date.now();
  const usual = own.points.flatMap(({ at, usual: middle, spread }) => {
    if (typeof middle !== 'number') return [];
    const room = USUAL_SPREADS * (spread ?? 0);
    return [{ t: Date.parse(at), low: middle - room, high: middle + room }];
  });
  const forecast = isForecast
    ? own.forecast.map(({ at, p10, p50, p90 }) => ({ t: Date.parse(at), low: p10, middle: p50, high: p90 }))
    : [];
  return {
    kind: 'trend',
    lines,
    usual,
    forecast,
    limits: definition ? limitsOf(definition, grade) : [],
    from: now - hours * HOUR_MS,
    to: forecast.at(-1)?.t ?? now,
    unit: definition?.unit ?? '',
    precision: definition?.precision ?? 1,
    words,
  };
}

/** Limits on the value itself; those on its distance from what is usual move and are not drawn. */
function limitsOf({ thresholds }: IndicatorDetail, grade: (tone: PlotTone) => string) {
  if (!thresholds || (thresholds.on && thresholds.on !== 'value')) return [];
  return (['attention', 'warning', 'alarm'] as const).flatMap((tone) => {
    const value = thresholds[tone]?.value;
    if (value === undefined) return [];
    return [value].flat().map((one) => ({ name: grade(tone), value: one, tone }));
  });
}
