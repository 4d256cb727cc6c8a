import type { EarlyWarning } from '@yiwang/api/types/vitals.ts';

export const PHASES = ['open', 'past', 'all'] as const;
export type Phase = (typeof PHASES)[number];

const byTime = (key: 'at' | 'expected_at') => (one: EarlyWarning, other: EarlyWarning) =>
  Date.parse(one[key]) - Date.parse(other[key]);

/** Its time is over and nothing has come, though it still may. */
export const isPassed = ({ expected_at }: EarlyWarning, now: number): boolean =>
  Date.parse(expected_at) <= now;

/** What is about to cross a limit, the nearest first; what should have come by now is the last. */
export const openOf = (warnings: readonly EarlyWarning[], now: number): EarlyWarning[] =>
  warnings
    .filter(({ outcome }) => outcome === 'pending')
    .sort(
      (one, other) =>
        Number(isPassed(one, now)) - Number(isPassed(other, now)) || byTime('expected_at')(one, other),
    );

/** What is decided, the newest first. */
export const pastOf = (warnings: readonly EarlyWarning[]): EarlyWarning[] =>
  warnings.filter(({ outcome }) => outcome !== 'pending').sort((one, other) => byTime('at')(other, one));

export function warningsOf(warnings: readonly EarlyWarning[], phase: Phase, now: number): EarlyWarning[] {
  if (phase === 'open') return openOf(warnings, now);
  if (phase === 'past') return pastOf(warnings);
  return [...openOf(warnings, now), ...pastOf(warnings)];
}

/** A limit is crossed from below where it lies above what was known; on it nobody can say. */
export function wayOf({
  value,
  limit,
}: Pick<EarlyWarning, 'value' | 'limit'>): 'rises' | 'falls' | 'crosses' {
  if (value === limit) return 'crosses';
  return limit > value ? 'rises' : 'falls';
}
