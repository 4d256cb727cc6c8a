const HOUR_MS = 3_600_000;

export interface Range {
  key: 'h1' | 'h24' | 'd7' | 'd30' | 'y1';
  ms: number;
  /** Points of a property at most: more than a screen has dots across tell nothing more. */
  points: number;
  /** How often the whole is read again; its end is read all the time. */
  wholeMs: number;
}

export const RANGES: readonly Range[] = [
  { key: 'h1', ms: HOUR_MS, points: 2_000, wholeMs: 5 * 60_000 },
  { key: 'h24', ms: 24 * HOUR_MS, points: 2_000, wholeMs: 5 * 60_000 },
  { key: 'd7', ms: 7 * 24 * HOUR_MS, points: 2_000, wholeMs: 15 * 60_000 },
  { key: 'd30', ms: 30 * 24 * HOUR_MS, points: 2_000, wholeMs: 15 * 60_000 },
  { key: 'y1', ms: 365 * 24 * HOUR_MS, points: 2_000, wholeMs: 30 * 60_000 },
];

export const rangeOf = (key: string | undefined): Range => {
  const found = RANGES.find((range) => range.key === key);
  return found ?? (RANGES[1] as Range);
};
