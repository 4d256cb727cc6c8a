import { useT } from '@yiwang/i18n/i18n.ts';
import { spanOf } from '@yiwang/i18n/time.ts';
import { useNow } from './use-clock.ts';

const MINUTE_MS = 60_000;

/** How long ago something was, in words. */
export function useAgeWords(): (at: string) => string {
  const t = useT();
  const now = useNow();
  return (at) => {
    const ms = now - Date.parse(at);
    if (ms < MINUTE_MS) return t('wall.age.now');
    const { key, values } = spanOf(ms);
    return t('wall.age.ago', { span: t(`shell.time.${key}`, values) });
  };
}
