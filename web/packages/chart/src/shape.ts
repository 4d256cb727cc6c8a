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
  /** Points with nothing on either side, of which a line would show nothing. */
  alone: Cell[];
}

/** More than this many distances of what is usual around it is a gap. */
const GAP_STEPS = 2.5;

/** The usual distance of neighbours: the median, which gaps do not move. */
export function usualStep(points: readonly ChartPoint[]): number {
  const steps = points
    .slice(1)
    .map((point, index) => point.t - (points[index]?.t ?? 0))
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

type Valued = ChartPoint & { v: number };

/**
 * Whether nothing came for long before a point. An instrument that speaks less often when the rain is over has no
 * gap: the distances before and after are what is usual here.
 */
function isGap(points: readonly Valued[], at: number, step: number): boolean {
  const distance = (index: number) => {
    const [before, here] = [points[index - 1], points[index]];
    return before && here ? here.t - before.t : 0;
  };
  const usual = Math.max(step, distance(at - 1), distance(at + 1));
  return usual > 0 && distance(at) > usual * GAP_STEPS;
}

/** Values of a line with nothing before and nothing behind. */
const aloneIn = (line: readonly Cell[]): Cell[] =>
  line.filter(
    ([, value], at) =>
      value !== null && (line[at - 1]?.[1] ?? null) === null && (line[at + 1]?.[1] ?? null) === null,
  );

/**
 * Points as a line with its band. Where nothing came for long the line is broken: a straight stroke over a night
 * without word would look like knowledge.
 */
export function shapeOf(points: readonly ChartPoint[], step = usualStep(points)): Shaped {
  const shaped: Shaped = { line: [], low: [], high: [], doubted: [], alone: [] };
  const isValued = (point: ChartPoint): point is Valued => typeof point.v === 'number';
  const valued = points.filter(isValued);
  const believed = valued.filter((point) => !point.isDoubted);
  shaped.doubted = valued.filter((point) => point.isDoubted).map(({ t, v }) => [t, v]);
  const hasBand = points.some((point) => typeof point.min === 'number' && typeof point.max === 'number');
  for (const [at, { t, v, min, max }] of believed.entries()) {
    const before = believed[at - 1];
    if (before && isGap(believed, at, step)) {
      const middle = before.t + (t - before.t) / 2;
      shaped.line.push([middle, null]);
      if (hasBand) {
        shaped.low.push([middle, null]);
        shaped.high.push([middle, null]);
      }
    }
    shaped.line.push([t, v]);
    if (hasBand) {
      const [low, high] = [min ?? v, max ?? v];
      shaped.low.push([t, low]);
      shaped.high.push([t, high - low]);
    }
  }
  shaped.alone = aloneIn(shaped.line);
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

interface Stretch {
  id: string;
  from: number;
  to: number;
}

/** The stretch under an instant, or the nearest one within `slack`; the shortest where several lie there. */
export function bandAt<B extends Stretch>(bands: readonly B[], at: number, slack: number): B | undefined {
  const distance = ({ from, to }: B) => Math.max(from - at, at - to, 0);
  const near = bands.filter((band) => distance(band) <= slack);
  return near.sort((a, b) => distance(a) - distance(b) || a.to - a.from - (b.to - b.from))[0];
}
