import type { IndexLamp, Indicator, Standing, VitalGrade } from '@yiwang/api/types/vitals.ts';
import type { PlotTone } from '@yiwang/chart/plots/content.ts';

export type Tone = PlotTone;

/** Indicators that have nothing to be measured by are told from those that stand well. */
export function toneOf(standing: Standing): Tone {
  switch (standing) {
    case 'normal':
    case 'attention':
    case 'warning':
    case 'alarm':
      return standing;
    case 'ungraded':
      return 'plain';
    default:
      return 'stale';
  }
}

const LAMP_TONES: Record<IndexLamp, Tone> = {
  green: 'normal',
  yellow: 'attention',
  orange: 'warning',
  red: 'alarm',
};

export const toneOfLamp = (lamp: IndexLamp | null | undefined): Tone => (lamp ? LAMP_TONES[lamp] : 'stale');
export const toneOfGrade = (grade: VitalGrade): Tone => grade;

export const NO_FIGURE = '—';

export function figureOf(value: number | null | undefined, precision = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_FIGURE;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: precision,
    maximumFractionDigits: precision,
  });
}

/** The figure of an indicator; none while its source is silent: a number of yesterday is not one of today. */
export const indicatorFigure = ({ value, precision }: Indicator): string => figureOf(value, precision);

/** Whether a number may be read as it stands. */
export const isGrey = (standing: Standing): boolean => toneOf(standing) === 'stale';
