import type { Translate } from './i18n.ts';
import { spanOf } from './time.ts';

/** A length of time in words. */
export function spanWords(t: Translate, ms: number): string {
  const { key, values } = spanOf(ms);
  return t(`shell.time.${key}`, values);
}
