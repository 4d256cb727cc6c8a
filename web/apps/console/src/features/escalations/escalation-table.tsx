import type { EscalationRow } from '@yiwang/api/types/escalation.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Empty } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { GradeChip } from '../../parts/status-chip.tsx';
import { usePlanned } from '../../parts/use-words.ts';
import { CaseCell } from './case-cell.tsx';

/** The cases that the clocks would escalate, in order of time. */
export function EscalationTable({ rows }: { rows: EscalationRow[] }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const now = useNow();
  const planned = usePlanned();
  const columns: GridColumn<EscalationRow>[] = [
    { key: 'at', title: t('escalations.at'), width: '158px', render: (row) => planned(row.at, now) },
    {
      key: 'stage',
      title: t('escalations.stage'),
      width: '190px',
      render: (row) => `${term('clock', row.kind)} · ${t(`escalations.stages.${row.level}`)}`,
    },
    {
      key: 'case',
      title: t('escalations.case'),
      render: ({ incident }) => <CaseCell incident={incident} />,
    },
    {
      key: 'grade',
      title: t('escalations.grade'),
      width: '108px',
      render: (row) => <GradeChip grade={row.grade} short />,
    },
    {
      key: 'informed',
      title: t('escalations.informed'),
      width: '20%',
      render: (row) => text(row.informed?.name) || <span className="yw-dim">—</span>,
    },
  ];
  if (rows.length === 0) return <Empty text={t('escalations.nothing')} />;
  return (
    <GridTable
      label={t('escalations.escalated')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.incident.id}-${row.kind}-${row.task_no ?? ''}-${row.level}`}
    />
  );
}
