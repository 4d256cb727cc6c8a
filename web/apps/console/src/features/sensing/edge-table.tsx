import type { EdgeHealth, Protocol } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { type Account, accountOf, totalAccount } from '../../parts/account.ts';
import { BalanceChip } from '../../parts/balance-chip.tsx';
import { byCount, useRefused } from '../../parts/refused.ts';

interface EdgeRow {
  /** Absent in the row of the total. */
  edge?: Protocol;
  messages: number;
  account: Account;
  reasons: [reason: string, count: number][];
}

const rowOf = ({ edge, messages, counts, waiting }: EdgeHealth): EdgeRow => ({
  edge,
  messages,
  account: accountOf(counts, waiting),
  reasons: [...byCount(counts.refused), ...byCount(counts.shed)],
});

/** One line for each way in; the numbers stand in the order of the equation. */
export function EdgeTable({ edges }: { edges: EdgeHealth[] }) {
  const t = useT();
  const refused = useRefused();
  const rows = edges.map(rowOf);
  const total: EdgeRow = {
    messages: rows.reduce((sum, row) => sum + row.messages, 0),
    account: totalAccount(rows.map((row) => row.account)),
    reasons: [],
  };
  const number = (
    key: 'received' | 'stored' | 'duplicate' | 'refused' | 'shed' | 'waiting' | 'late',
    sign = '',
  ): GridColumn<EdgeRow> => ({
    key,
    title: `${sign}${t(`sensing.counts.${key}`)}`,
    align: 'right',
    width: key === 'late' ? '104px' : '90px',
    render: ({ account }) => (
      <span className={account[key] === 0 ? 'yw-dim' : ''}>{account[key].toLocaleString('en-US')}</span>
    ),
  });
  const columns: GridColumn<EdgeRow>[] = [
    {
      key: 'edge',
      title: t('sensing.health.edge'),
      width: '130px',
      render: ({ edge }) => (
        <strong>{edge ? t(`sensing.protocols.${edge}`) : t('sensing.health.total')}</strong>
      ),
    },
    {
      key: 'messages',
      title: t('sensing.health.messages'),
      align: 'right',
      width: '90px',
      render: ({ messages }) => messages.toLocaleString('en-US'),
    },
    number('received'),
    number('stored', '= '),
    number('duplicate', '+ '),
    number('refused', '+ '),
    number('shed', '+ '),
    number('waiting', '+ '),
    {
      key: 'balance',
      title: t('sensing.health.balance'),
      width: '100px',
      render: ({ account }) =>
        account.received === 0 ? (
          <span className="yw-dim">{t('sensing.health.silentEdge')}</span>
        ) : (
          <BalanceChip account={account} />
        ),
    },
    number('late'),
    {
      key: 'reasons',
      title: t('sensing.health.reasons'),
      render: ({ reasons }) => (
        <span className="edge-reasons">
          {reasons.map(([code, count]) => (
            <Chip key={code} tone="orange" title={code}>
              {refused(code)} {count.toLocaleString('en-US')}
            </Chip>
          ))}
        </span>
      ),
    },
  ];
  return (
    <GridTable
      label={t('sensing.health.edges')}
      columns={columns}
      rows={[...rows, total]}
      rowKey={(row) => row.edge ?? 'total'}
    />
  );
}
