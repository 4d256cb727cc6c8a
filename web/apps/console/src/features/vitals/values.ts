import type { IndexLamp, Standing } from '@yiwang/api/types/vitals.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';

/** A number with the decimals that it is shown with; thousands apart. */
export function numberIn(value: number | null | undefined, precision: number): string {
  if (typeof value !== 'number') return '—';
  return value.toLocaleString('en-US', {
    minimumFractionDigits: precision,
    maximumFractionDigits: precision,
  });
}

export const valueIn = (value: number | null | undefined, precision: number, unit: string): string =>
  `${numberIn(value, precision)}${typeof value === 'number' && unit ? ` ${unit}` : ''}`;

/** Decimals of a number of which nobody said how many: as few as tell it. */
export const plainValue = (value: number | null | undefined, unit: string): string =>
  typeof value === 'number'
    ? `${Number(value.toFixed(2)).toLocaleString('en-US')}${unit ? ` ${unit}` : ''}`
    : '—';

/** A score of 0 to 100; one decimal, and none where it is whole. */
export const scoreIn = (score: number | null | undefined): string =>
  typeof score === 'number' ? String(Number(score.toFixed(1))) : '—';

export const percentIn = (share: number): string => `${Math.round(share * 100)}%`;

/** How old a value is. */
export function ageWords(t: Translate, seconds: number | null | undefined): string {
  if (typeof seconds !== 'number') return '—';
  return seconds < 60 ? t('shell.time.now') : spanWords(t, seconds * 1_000);
}

/** What somebody has to look at, the worst first. */
export const BREACHED: readonly Standing[] = ['alarm', 'warning', 'attention'];
export const isBreached = (state: Standing): boolean => BREACHED.includes(state);

/** The lamp from which a domain or the city is red on a phone's first look. */
export const isBad = (lamp: IndexLamp | null | undefined): boolean => lamp === 'red' || lamp === 'orange';
