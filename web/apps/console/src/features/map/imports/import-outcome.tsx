import type { LayerImport } from '@yiwang/api/types/layer-import.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { WrongRecords } from './wrong-records.tsx';

/** How many were, or would be, drawn, and what is wrong with the others, record by record. */
export function ImportOutcome({ outcome }: { outcome: LayerImport }) {
  const t = useT();
  const { is_rehearsal, drawn, wrong, broken } = outcome;
  const tone = broken || (wrong > 0 && drawn === 0) ? 'error' : wrong > 0 ? 'warning' : 'success';
  return (
    <section className="import-outcome" aria-label={t('map.imports.title')}>
      <Alert
        type={tone}
        showIcon
        title={t(is_rehearsal ? 'map.imports.rehearsed' : 'map.imports.imported')}
        description={<Told outcome={outcome} />}
      />
      {wrong > 0 && (
        <>
          <h4>{t('map.imports.wrongTitle')}</h4>
          <WrongRecords layer={outcome.layer} id={outcome.id} />
        </>
      )}
    </section>
  );
}

/** The figures of an import in one line. */
export function Counts({ outcome }: { outcome: LayerImport }) {
  const t = useT();
  const { records, drawn, same, wrong, is_rehearsal } = outcome;
  const count = (key: string, value: number) => t(`map.imports.counts.${key}`, { count: value });
  return (
    <span>
      {[
        count('records', records),
        count(is_rehearsal ? 'drawn' : 'done', drawn),
        count('same', same),
        count('wrong', wrong),
      ].join(' · ')}
    </span>
  );
}

function Told({ outcome }: { outcome: LayerImport }) {
  const t = useT();
  const { records, broken, notes, columns_left_out: leftOut } = outcome;
  return (
    <>
      <Counts outcome={outcome} />
      {broken && <p>{t('map.imports.broken', { why: broken })}</p>}
      {records === 0 && !broken && <p>{t('map.imports.nothing')}</p>}
      {leftOut.length > 0 && <p>{t('map.imports.leftOut', { columns: leftOut.join('、') })}</p>}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </>
  );
}
