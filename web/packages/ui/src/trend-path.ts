type Dot = readonly [x: number, y: number];

export interface Segments {
  /** Points of a line, as `polyline` takes them. */
  lines: string[];
  /** Values with nothing on either side, and the newest one. */
  dots: Dot[];
}

const EDGE = 2;
const round = (value: number) => Math.round(value * 10) / 10;

/** Values as lines within a box. What is always the same lies in its middle. */
export function segmentsOf(values: readonly (number | null)[], width: number, height: number): Segments {
  const known = values.filter((value) => value !== null);
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const stretch = greatest - least;
  const x = (at: number) => round(EDGE + (at * (width - 2 * EDGE)) / Math.max(1, values.length - 1));
  const y = (value: number) =>
    stretch === 0 ? height / 2 : round(height - EDGE - ((value - least) / stretch) * (height - 2 * EDGE));
  const runs: Dot[][] = [];
  let run: Dot[] = [];
  for (const [at, value] of values.entries()) {
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
    } else run.push([x(at), y(value)]);
  }
  if (run.length > 0) runs.push(run);
  const last = runs.at(-1)?.at(-1);
  const alone = runs.filter((one) => one.length === 1).map(([dot]) => dot as Dot);
  return {
    lines: runs.filter((one) => one.length > 1).map((one) => one.map((dot) => dot.join(',')).join(' ')),
    dots: last && !alone.includes(last) ? [...alone, last] : alone,
  };
}
