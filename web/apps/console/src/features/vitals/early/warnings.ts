import type { EarlyWarning } from '@yiwang/api/types/vitals.ts';

export const PHASES = ['open', 'past', 'all'] as const;
export type Phase = (typeof PHASES)[number];

const byTime = (key: 'at' | 'expected_at') => (one: EarlyWarning, other: EarlyWarning) =>
  Date.parse(one[key]) - Date.parse(other[key]);

/** What is about to cross a limit, the nearest first. */
export const openOf = (warnings: readonly EarlyWarning[]): EarlyWarning[] =>
  warnings.filter(({ outcome }) => outcome === 'pending').sort(byTime('expected_at'));

/** What is decided, the newest first. */
export const pastOf = (warnings: readonly EarlyWarning[]): EarlyWarning[] =>
  warnings.filter(({ outcome }) => outcome !== 'pending').sort((one, other) => byTime('at')(other, one));

export function warningsOf(warnings: readonly EarlyWarning[], phase: Phase): EarlyWarning[] {
  if (phase === 'open') return openOf(warnings);
  if (phase === 'past') return pastOf(warnings);
  return [...openOf(warnings), ...pastOf(warnings)];
}

/** A limit is crossed from below where it lies above what was known. */
export const isRising = ({ value, limit }: Pick<EarlyWarning, 'value' | 'limit'>): boolean => limit >= value;
