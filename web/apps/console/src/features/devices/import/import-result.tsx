import type { ImportOutcome } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useFieldWords } from '../device-fault.tsx';
import { type ImportRow, type ImportSource, type WrongRow, wrongRows } from './import-rows.ts';

interface ResultProps {
  source: ImportSource | undefined;
  /** What the server said of this very text; none before it was asked. */
  result:
    | { rows: ImportRow[]; sent: ImportRow[]; outcome: ImportOutcome | undefined; isRehearsal: boolean }
    | undefined;
}

const SHOWN_MAX = 500;

/** What would happen, or did; each row that is wrong with its number and why. */
export function ImportResult({ source, result }: ResultProps) {
  const t = useT();
  const words = useFieldWords();
  const word = (key: string, values?: Record<string, unknown>) => t(`devices.import.${key}`, values);
  if (source && source.faults.length > 0)
    return (
      <Alert
        type="error"
        showIcon
        title={word('unreadable')}
        description={source.faults.map((fault) => (
          <div key={`${fault.path} ${fault.code} ${fault.message}`}>{words(fault)}</div>
        ))}
      />
    );
  const rows = source?.rows ?? [];
  const outcome = result?.outcome;
  if (outcome?.is_done)
    return <Alert type="success" showIcon title={word('done', { count: outcome.devices })} />;
  const wrong = wrongRows(rows, result?.sent ?? [], outcome?.lines ?? []);
  const own = rows.filter((row) => row.faults.length > 0).length;
  const count = own + (outcome?.wrong ?? 0);
  if (count === 0)
    return result ? (
      <Alert type="success" showIcon title={word('good', { count: rows.length })} />
    ) : (
      <p className="yw-dim">{word('read', { count: rows.length })}</p>
    );
  const title = word(result && !result.isRehearsal ? 'noneDone' : 'wrong', { count, of: rows.length });
  return (
    <>
      <Alert type="error" showIcon title={title} description={word(result ? 'wrongHint' : 'wrongBefore')} />
      <WrongTable rows={wrong.slice(0, SHOWN_MAX)} unit={source?.kind === 'csv' ? 'line' : 'item'} />
      {count > Math.min(wrong.length, SHOWN_MAX) && (
        <p className="yw-dim">{word('more', { count: count - Math.min(wrong.length, SHOWN_MAX) })}</p>
      )}
    </>
  );
}

function WrongTable({ rows, unit }: { rows: WrongRow[]; unit: 'line' | 'item' }) {
  const t = useT();
  const words = useFieldWords();
  const columns: GridColumn<WrongRow>[] = [
    {
      key: 'row',
      title: t('devices.import.row'),
      width: '92px',
      render: ({ row }) => t(`devices.import.${unit}`, { row }),
    },
    {
      key: 'code',
      title: t('devices.field.code'),
      width: '30%',
      render: ({ code }) => <span className="yw-mono">{code || '—'}</span>,
    },
    {
      key: 'faults',
      title: t('devices.import.faults'),
      render: ({ faults }) =>
        faults.map((fault) => <div key={`${fault.path} ${fault.code}`}>{words(fault)}</div>),
    },
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="import-wrong" aria-label={t('devices.import.faults')} tabIndex={0}>
      <GridTable
        label={t('devices.import.faults')}
        columns={columns}
        rows={rows}
        rowKey={({ row, code }) => `${row} ${code}`}
      />
    </section>
  );
}
