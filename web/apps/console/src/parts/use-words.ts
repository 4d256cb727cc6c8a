import { type Translate, useT } from '@yiwang/i18n/i18n.ts';
import { spanOf } from '@yiwang/i18n/time.ts';

/** A length of time in words. */
export function spanWords(t: Translate, ms: number): string {
  const { key, values } = spanOf(ms);
  return t(`shell.time.${key}`, values);
}

/** How much time is left, or by how much it is over. */
export function useDueWords(): (ms: number) => string {
  const t = useT();
  return (ms) => t(ms < 0 ? 'shell.time.over' : 'shell.time.left', { span: spanWords(t, ms) });
}
