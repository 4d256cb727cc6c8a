import { useInfiniteQuery } from '@tanstack/react-query';
import { importsQuery } from '@yiwang/api/layer-import-api.ts';
import type { LayerImport } from '@yiwang/api/types/layer-import.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { LoadMore } from '../../../parts/load-more.tsx';
import { Fields } from '../shape/field.tsx';
import { Counts } from './import-outcome.tsx';
import { WrongRecords } from './wrong-records.tsx';

/** What was imported into the layer before, newest first. */
export function PastImports({ layer }: { layer: string }) {
  const t = useT();
  const query = useInfiniteQuery(importsQuery(layer));
  return (
    <Fields title={t('map.imports.past')}>
      <Loaded query={query}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          if (all.length === 0) return <Empty text={t('map.imports.noPast')} />;
          return (
            <>
              <ul className="import-past" aria-label={t('map.imports.past')}>
                {all.map((one) => (
                  <PastImport key={one.id} one={one} />
                ))}
              </ul>
              <LoadMore count={all.length} query={query} />
            </>
          );
        }}
      </Loaded>
    </Fields>
  );
}

function PastImport({ one }: { one: LayerImport }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <div>
        <time dateTime={one.at}>{fullTime(one.at)}</time>
        <span>{one.by}</span>
        <strong>{one.file_name ?? '—'}</strong>
        <span className="yw-mono">{one.system}</span>
        {one.is_rehearsal && <Chip>{t('map.imports.rehearsal')}</Chip>}
      </div>
      <Counts outcome={one} />
      {one.broken && <p className="map-field-fault">{t('map.imports.broken', { why: one.broken })}</p>}
      {one.wrong > 0 && (
        <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('map.imports.hideWrong') : t('map.imports.showWrong', { count: one.wrong })}
        </button>
      )}
      {isOpen && <WrongRecords layer={one.layer} id={one.id} />}
    </li>
  );
}
