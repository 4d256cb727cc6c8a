import type { Step, ValuePoint } from '@yiwang/api/types/sensing.ts';
import type { ChartPoint } from '@yiwang/chart/shape.ts';

const STEP_MS: Record<Step, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export const stepMs = (step: Step | null | undefined): number | undefined =>
  step ? STEP_MS[step] : undefined;

/** Values entered by hand are believed; out of range, faults and tests are not. */
const BELIEVED = new Set(['good', 'manual']);

/** Observations as they are drawn: what is not to be believed stands apart. */
export const toChartPoints = (points: readonly ValuePoint[]): ChartPoint[] =>
  points.map(({ t, v, min, max, quality }) => ({
    t,
    v,
    min,
    max,
    isDoubted: quality != null && !BELIEVED.has(quality),
  }));
