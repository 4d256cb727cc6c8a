import { useQuery } from '@tanstack/react-query';
import { countersQuery } from '@yiwang/api/admin-api.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { type Balance, balanceOf, totalOf } from './balance.ts';

/** in = stored + duplicate + refused + shed, by source. */
export function Counters() {
  const t = useT();
  const query = useQuery(countersQuery);
  return (
    <Panel
      flush
      title={t('admin.system.counters')}
      extra={<span className="yw-dim">{t('admin.system.countersHint')}</span>}
    >
      <Loaded query={query}>{(counters) => <Table rows={counters.map(balanceOf)} />}</Loaded>
    </Panel>
  );
}

function Table({ rows }: { rows: Balance[] }) {
  const t = useT();
  const term = useTerm();
  const word = (key: string) => t(`admin.system.${key}`);
  const number = (key: 'received' | 'stored' | 'duplicate' | 'refused' | 'shed'): GridColumn<Balance> => ({
    key,
    title: word(key),
    align: 'right',
    render: (row) => row[key].toLocaleString('en-US'),
  });
  const columns: GridColumn<Balance>[] = [
    {
      key: 'source',
      title: word('source'),
      width: '24%',
      render: (row) => (row.source ? term('source', row.source) : <strong>{word('total')}</strong>),
    },
    number('received'),
    number('stored'),
    number('duplicate'),
    number('refused'),
    number('shed'),
    {
      key: 'balance',
      title: word('balance'),
      align: 'right',
      render: (row) =>
        row.off === 0 ? (
          word('balanced')
        ) : (
          <span className="system-off">{t('admin.system.off', { count: row.off })}</span>
        ),
    },
  ];
  return (
    <GridTable
      label={word('counters')}
      columns={columns}
      rows={[...rows, totalOf(rows)]}
      rowKey={(row) => row.source}
    />
  );
}
