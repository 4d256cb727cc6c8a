import type { Translate } from './i18n.ts';
import { spanOf } from './time.ts';

/** A length of time in words. */
export function spanWords(t: Translate, ms: number): string {
  const { key, values } = spanOf(ms);
  return t(`shell.time.${key}`, values);
}

const UNITS: Record<string, string> = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' };

/** `1h30m` in words. */
export function spanText(t: Translate, span: string): string {
  const parts = [...span.matchAll(/(\d+)(ms|[smhd])/g)];
  const words = parts.map(([whole, n = '', unit = '']) => {
    const key = UNITS[unit];
    return key ? t(`alerting.words.${key}`, { n }) : whole;
  });
  return words.join(' ') || span;
}
