import type {
  VitalForecast,
  VitalGrade,
  VitalLimit,
  VitalLimits,
  VitalPoint,
  VitalStep,
} from '@yiwang/api/types/vitals.ts';
import type { ChartBand, ChartForecast, ChartLine, ChartTone } from '@yiwang/chart/option.ts';
import type { ChartPoint } from '@yiwang/chart/shape.ts';

const HOUR_MS = 3_600_000;

export interface SeriesRange {
  key: 'h24' | 'd7' | 'd40';
  hours: number;
  step: VitalStep;
}

export const SERIES_RANGES: readonly [SeriesRange, ...SeriesRange[]] = [
  { key: 'h24', hours: 24, step: 'five_minutes' },
  { key: 'd7', hours: 7 * 24, step: 'hour' },
  { key: 'd40', hours: 40 * 24, step: 'hour' },
];

export const seriesRangeOf = (key: string | undefined): SeriesRange =>
  SERIES_RANGES.find((range) => range.key === key) ?? SERIES_RANGES[0];

export const STEP_MS: Record<VitalStep, number> = {
  five_minutes: HOUR_MS / 12,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
};

/** So many standard deviations around what is usual are drawn. */
export const USUAL_SPREADS = 2;

/** Points with the band of what is usual around them. */
export const pointsOf = (points: readonly VitalPoint[]): ChartPoint[] =>
  points.map(({ at, value, usual, spread }) => {
    const point = { t: Date.parse(at), v: value };
    if (typeof usual !== 'number' || typeof spread !== 'number') return point;
    return { ...point, min: usual - USUAL_SPREADS * spread, max: usual + USUAL_SPREADS * spread };
  });

const TONES: Partial<Record<VitalGrade, ChartTone>> = { alarm: 'bad', warning: 'warn', attention: 'watch' };

/** Stretches of time with a grade. A grade is not carried over a long silence, nor past now. */
export function gradeBands(points: readonly VitalPoint[], stepMs: number, now: number): ChartBand[] {
  const bands: ChartBand[] = [];
  for (const [index, { at, grade }] of points.entries()) {
    const tone = grade ? TONES[grade] : undefined;
    if (!tone) continue;
    const from = Date.parse(at);
    const next = points[index + 1];
    const to = Math.max(from, Math.min(next ? Date.parse(next.at) : now, from + 3 * stepMs));
    const last = bands.at(-1);
    if (last && last.tone === tone && last.to === from) last.to = to;
    else bands.push({ id: at, from, to, tone });
  }
  return bands;
}

export const forecastOf = (forecast: readonly VitalForecast[]): ChartForecast[] =>
  forecast.map(({ at, p10, p50, p90 }) => ({ t: Date.parse(at), low: p10, middle: p50, high: p90 }));

const numbersOf = ({ value }: VitalLimit): number[] => (typeof value === 'number' ? [value] : value);

/** Limits that the value itself is held against; those of a deviation move with what is usual and are no line. */
export function limitLines(
  limits: VitalLimits | null | undefined,
  word: (grade: VitalGrade) => string,
): ChartLine[] {
  if (!limits || (limits.on ?? 'value') !== 'value') return [];
  return (['alarm', 'warning', 'attention'] as const).flatMap((grade) => {
    const limit = limits[grade];
    return limit ? numbersOf(limit).map((value) => ({ name: word(grade), value, tone: TONES[grade] })) : [];
  });
}
