import type { LastValue } from '@yiwang/api/types/sensing.ts';
import { numberWords } from '@yiwang/chart/shape.ts';

/** How the instrument itself is doing; the city is told by the others. */
const HOUSEKEEPING = new Set([
  'battery',
  'voltage',
  'signal',
  'lon',
  'lat',
  'altitude',
  'direction',
  'status',
  'shield',
  'mains_fault',
  'part',
]);

/** Those first that say something about the city. */
export function telling<T extends { property: string }>(values: readonly T[]): T[] {
  const isHouse = (value: T) => HOUSEKEEPING.has(value.property);
  return [...values.filter((value) => !isHouse(value)), ...values.filter(isHouse)];
}

/** Only those, unless there is nothing else. */
export function tellingOnly<T extends { property: string }>(values: readonly T[]): T[] {
  const others = values.filter((value) => !HOUSEKEEPING.has(value.property));
  return others.length > 0 ? others : [...values];
}

/** A value with its unit; a text as it is. */
export function valueWords(
  value: Pick<LastValue, 'value' | 'text' | 'unit'> & { property?: string },
): string {
  if (typeof value.value === 'number') {
    const isPlace = value.property === 'lon' || value.property === 'lat';
    // Five digits are about a metre.
    const number = isPlace ? value.value.toFixed(5) : numberWords(value.value);
    return value.unit ? `${number} ${value.unit}` : number;
  }
  return value.text || '—';
}

/** Seconds of lag as somebody would say them; a clock that is ahead counts below nothing. */
export function lagWords(seconds: number | null | undefined): string {
  if (typeof seconds !== 'number') return '—';
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '−' : '';
  if (size < 0.05) return '0 s';
  if (size < 120) return `${sign}${size < 10 ? size.toFixed(1) : Math.round(size)} s`;
  if (size < 7_200) return `${sign}${Math.round(size / 60)} min`;
  return `${sign}${Math.round(size / 3_600)} h`;
}
