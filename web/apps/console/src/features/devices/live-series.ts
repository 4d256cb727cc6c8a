import type { Series, Step } from '@yiwang/api/types/sensing.ts';

const STEP_MS: Record<Step, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** Stretches that are read again; what comes late changes those before the last one too. */
const STEPS_AGAIN = 12;
/** Single values are read again a little from before the last one: not all arrive in their order. */
const OVERLAP_MS = 2 * 60_000;
/** A property that fell silent long before the others is not waited for; the next full reading finds it. */
const SILENCE_MS = 60 * 60_000;

export interface Tail {
  from: number;
  points: number;
}

const lastOf = (series: Series): number | undefined => series.points.at(-1)?.t;

/**
 * What is to be read so that a chart that was read before is as of now: from the last that was seen on, in the same
 * stretches. Nothing where nothing was seen at all.
 */
export function tailOf(read: readonly Series[], points: number, now: number): Tail | undefined {
  const step = read.find((one) => one.step)?.step;
  // So many points are asked for that the server answers in just this stretch.
  if (step) return { from: now - STEPS_AGAIN * STEP_MS[step], points: STEPS_AGAIN };
  const lasts = read.flatMap((one) => lastOf(one) ?? []);
  if (lasts.length === 0) return undefined;
  const newest = Math.max(...lasts);
  return { from: Math.max(Math.min(...lasts), newest - SILENCE_MS) - OVERLAP_MS, points };
}

/** The chart with what was read again at its end, and without what has gone out of sight on the other side. */
export function joined(read: readonly Series[], tail: readonly Series[], from: number): Series[] {
  return read.map((one) => {
    const more = tail.find(({ property }) => property === one.property);
    if (!more || (more.step ?? null) !== (one.step ?? null)) return one;
    // The first stretch of the tail may be cut by where it begins.
    const fresh = one.step ? more.points.slice(1) : more.points;
    const first = fresh[0]?.t;
    if (first === undefined) return one;
    const oldest = from - (one.step ? STEP_MS[one.step] : 0);
    const points = [...one.points.filter(({ t }) => t < first && t >= oldest), ...fresh];
    const before = one.points;
    return isSameEnd(before, points) ? one : { ...one, points };
  });
}

/** Nothing new, nothing gone: the same object is not drawn again. */
function isSameEnd(before: Series['points'], after: Series['points']): boolean {
  if (before.length !== after.length || before[0]?.t !== after[0]?.t) return false;
  const [a, b] = [before.slice(-STEPS_AGAIN), after.slice(-STEPS_AGAIN)];
  return a.every((point, at) => point.t === b[at]?.t && point.v === b[at]?.v && point.n === b[at]?.n);
}
