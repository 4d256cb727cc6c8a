import { useInfiniteQuery } from '@tanstack/react-query';
import { wrongRecordsQuery } from '@yiwang/api/layer-import-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { LoadMore } from '../../../parts/load-more.tsx';

/** What is wrong with a file, record by record as they stand in it. */
export function WrongRecords({ layer, id }: { layer: string; id: string }) {
  const t = useT();
  const query = useInfiniteQuery(wrongRecordsQuery(layer, id));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const wrong = pages.flatMap((page) => page.items);
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
          <div className="import-wrong" tabIndex={0} role="group" aria-label={t('map.imports.wrongTitle')}>
            <ol>
              {wrong.map(({ number, reason, record }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two faults of one record have nothing else
                <li key={`${number}:${at}`}>
                  <strong>{t('map.imports.record', { number })}</strong>
                  <span>{reason}</span>
                  {record && <code>{record}</code>}
                </li>
              ))}
            </ol>
            <LoadMore count={wrong.length} query={query} />
            <p className="map-hint">{t('map.imports.kept')}</p>
          </div>
        );
      }}
    </Loaded>
  );
}
