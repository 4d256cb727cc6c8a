const HOUR_MS = 3_600_000;

export interface Range {
  key: 'h1' | 'h24' | 'd7' | 'd30' | 'y1';
  ms: number;
  /** Points of a property at most; a year is drawn by the hour. */
  points: number;
  /** How often it is read again; longer ones do not change while somebody looks. */
  everyMs: number | false;
}

export const RANGES: readonly Range[] = [
  { key: 'h1', ms: HOUR_MS, points: 3_000, everyMs: 10_000 },
  { key: 'h24', ms: 24 * HOUR_MS, points: 3_000, everyMs: 60_000 },
  { key: 'd7', ms: 7 * 24 * HOUR_MS, points: 3_000, everyMs: false },
  { key: 'd30', ms: 30 * 24 * HOUR_MS, points: 3_000, everyMs: false },
  { key: 'y1', ms: 365 * 24 * HOUR_MS, points: 9_000, everyMs: false },
];

export const rangeOf = (key: string | undefined): Range => {
  const found = RANGES.find((range) => range.key === key);
  return found ?? (RANGES[1] as Range);
};
