/** One point: `v` is a value or a mean, `min` and `max` the band around a mean. */
export interface ChartPoint {
  t: number;
  v?: number | null | undefined;
  min?: number | null | undefined;
  max?: number | null | undefined;
  /** Not to be believed; shown as a mark, never as part of the line. */
  isDoubted?: boolean | undefined;
}

export type Cell = [t: number, value: number | null];

export interface Shaped {
  line: Cell[];
  /** Lower edge, and the height of the band above it; both empty where there are single values. */
  low: Cell[];
  high: Cell[];
  doubted: Cell[];
}

/** More than this many usual distances between two points is a gap. */
const GAP_STEPS = 2.5;

/** The usual distance of neighbours: the median, which gaps do not move. */
export function usualStep(points: readonly ChartPoint[]): number {
  const steps = points
    .slice(1)
    .map((point, index) => point.t - (points[index]?.t ?? 0))
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/**
 * Points as a line with its band. Where nothing came for long the line is broken: a straight stroke over a night
 * without word would look like knowledge.
 */
export function shapeOf(points: readonly ChartPoint[], step = usualStep(points)): Shaped {
  const shaped: Shaped = { line: [], low: [], high: [], doubted: [] };
  const hasBand = points.some((point) => typeof point.min === 'number' && typeof point.max === 'number');
  let before: number | undefined;
  for (const { t, v, min, max, isDoubted } of points) {
    if (typeof v !== 'number') continue;
    if (isDoubted) {
      shaped.doubted.push([t, v]);
      continue;
    }
    if (before !== undefined && step > 0 && t - before > step * GAP_STEPS) {
      const middle = before + (t - before) / 2;
      shaped.line.push([middle, null]);
      if (hasBand) {
        shaped.low.push([middle, null]);
        shaped.high.push([middle, null]);
      }
    }
    before = t;
    shaped.line.push([t, v]);
    if (hasBand) {
      const [low, high] = [min ?? v, max ?? v];
      shaped.low.push([t, low]);
      shaped.high.push([t, high - low]);
    }
  }
  return shaped;
}

export interface Extent {
  min: number;
  max: number;
}

/** What the value axis must show: all that is drawn, and the thresholds, with a little room. */
export function extentOf(points: readonly ChartPoint[], lines: readonly number[] = []): Extent | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const see = (value: number | null | undefined) => {
    if (typeof value !== 'number') return;
    min = Math.min(min, value);
    max = Math.max(max, value);
  };
  for (const point of points) {
    see(point.v);
    see(point.min);
    see(point.max);
  }
  for (const line of lines) see(line);
  if (min > max) return undefined;
  const room = (max - min || Math.abs(max) || 1) * 0.08;
  // What is never below nothing, such as rain, does not get an axis below nothing.
  return { min: min >= 0 && min - room < 0 ? 0 : min - room, max: max + room };
}

/** A number as an instrument would show it: no tail of binary fractions. */
export function numberWords(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}
