import { useQueries } from '@tanstack/react-query';
import { keptQuery } from '@yiwang/api/geo-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Button } from '@yiwang/ui/controls.ts';
import type { ThingWords } from './things.ts';

/** Says plainly that this is not now, and of which layers that time is not kept. */
export function PastBanner({
  at,
  shown,
  words,
  onNow,
}: {
  at: string;
  /** Layers of the city that are drawn. */
  shown: readonly string[];
  words: ThingWords;
  onNow: () => void;
}) {
  const t = useT();
  const answers = useQueries({ queries: shown.map((code) => keptQuery(code, at)) });
  const lost = answers.flatMap((answer, index) => {
    const since = answer.data?.since;
    return since ? [{ layer: words.layer(shown[index] ?? ''), since: fullTime(since) }] : [];
  });
  return (
    <div className="map-past" role="status">
      <strong>{t('map.past.banner', { time: fullTime(at) })}</strong>
      <span>{t('map.past.hint')}</span>
      {lost.map(({ layer, since }) => (
        <span key={layer} className="map-past-lost">
          {t('map.past.lost', { layer, since })}
        </span>
      ))}
      <Button size="small" onClick={onNow}>
        {t('map.past.back')}
      </Button>
    </div>
  );
}
