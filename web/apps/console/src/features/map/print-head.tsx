import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import type { ThingWords } from './things.ts';

/** On paper only: which map this is, of when, and who printed it. */
export function PrintHead({
  at,
  shown,
  words,
}: {
  at: string | undefined;
  shown: readonly string[];
  words: ThingWords;
}) {
  const t = useT();
  const text = useText();
  const { me } = useSigned();
  const now = fullTime(new Date(useNow()).toISOString());
  return (
    <div className="map-print-head" aria-hidden="true">
      <strong>{t('map.title')}</strong>
      <span>{at ? t('map.print.past', { time: fullTime(at) }) : t('map.print.now', { time: now })}</span>
      <span>{t('map.print.who', { name: me.name, unit: text(me.org?.name), time: now })}</span>
      <span>{shown.map(words.layer).join(' · ')}</span>
    </div>
  );
}
