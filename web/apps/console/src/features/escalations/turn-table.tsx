import type { TurnRow } from '@yiwang/api/types/escalation.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Light } from '@yiwang/ui/light.tsx';
import { Empty } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { usePlanned } from '../../parts/use-words.ts';
import { CaseCell } from './case-cell.tsx';

/** The turns in order of time, each leading to its case. */
export function TurnTable({ rows }: { rows: TurnRow[] }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const now = useNow();
  const planned = usePlanned();
  const columns: GridColumn<TurnRow>[] = [
    {
      key: 'at',
      title: t('escalations.at'),
      width: '158px',
      render: (row) => (
        <>
          {planned(row.at, now)}{' '}
          <span className="yw-dim">{spanWords(t, Math.max(0, Date.parse(row.at) - now))}</span>
        </>
      ),
    },
    {
      key: 'level',
      title: t('escalations.level'),
      width: '104px',
      render: (row) => <Light light={row.light} label={t(`escalations.levels.${row.light}`)} />,
    },
    {
      key: 'clock',
      title: t('escalations.clock'),
      width: '108px',
      render: (row) => (
        <>
          {term('clock', row.kind)}{' '}
          {row.task_no && <span className="yw-dim">{t('escalations.task', { no: row.task_no })}</span>}
        </>
      ),
    },
    {
      key: 'case',
      title: t('escalations.case'),
      render: ({ incident }) => <CaseCell incident={incident} />,
    },
    {
      key: 'lead',
      title: t('escalations.lead'),
      width: '15%',
      render: (row) => text(row.incident.lead?.name) || <span className="yw-dim">—</span>,
    },
    { key: 'due', title: t('escalations.due'), width: '106px', render: (row) => planned(row.due_at, now) },
  ];
  if (rows.length === 0) return <Empty />;
  return (
    <GridTable
      label={t('escalations.list')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.incident.id}-${row.kind}-${row.task_no ?? ''}-${row.light}`}
    />
  );
}
