import { useQuery } from '@tanstack/react-query';
import { queuesQuery } from '@yiwang/api/admin-api.ts';
import type { Queues } from '@yiwang/api/types/admin.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';

type Subscription = Queues['subscriptions'][number];
type Reconciler = Queues['reconcilers'][number];

/** Writer, outbox, subscriptions and the checks that run by themselves. */
export function QueuePanels() {
  const t = useT();
  const query = useQuery(queuesQuery);
  return (
    <>
      <Panel title={t('admin.system.queues')}>
        <Loaded query={query}>{(queues) => <Figures queues={queues} />}</Loaded>
      </Panel>
      {query.data && <Subscriptions rows={query.data.subscriptions} />}
      {query.data && <Reconcilers rows={query.data.reconcilers} />}
    </>
  );
}

function Figures({ queues }: { queues: Queues }) {
  const t = useT();
  const { writer, outbox } = queues;
  const figures: [string, number][] = [
    ['waiting', writer.waiting],
    ['writes', writer.writes],
    ['groups', writer.groups],
    ['refusedWrites', writer.refused],
    ['failedCommits', writer.failed_commits],
    ['lastSeq', outbox.last_seq],
    ['kept', outbox.kept],
  ];
  return (
    <dl className="system-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`admin.system.${name}`)}</dt>
          <dd>{value.toLocaleString('en-US')}</dd>
        </div>
      ))}
    </dl>
  );
}

function Subscriptions({ rows }: { rows: Subscription[] }) {
  const t = useT();
  const columns: GridColumn<Subscription>[] = [
    { key: 'name', title: t('admin.system.subscriptions'), render: (row) => row.name },
    {
      key: 'seq',
      title: '#',
      align: 'right',
      width: '140px',
      render: (row) => row.seq.toLocaleString('en-US'),
    },
    {
      key: 'behind',
      title: t('admin.system.lag'),
      align: 'right',
      width: '120px',
      render: (row) => row.behind,
    },
  ];
  if (rows.length === 0) return null;
  return (
    <Panel flush>
      <GridTable
        label={t('admin.system.subscriptions')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.name}
      />
    </Panel>
  );
}

function ReconcilerState({ row }: { row: Reconciler }) {
  const t = useT();
  if (row.last_error) return <span className="system-off">{row.last_error}</span>;
  if (row.is_elsewhere) return <Chip>{t('admin.system.elsewhere')}</Chip>;
  return <Chip tone="green">✓</Chip>;
}

function Reconcilers({ rows }: { rows: Reconciler[] }) {
  const t = useT();
  const known = useKnown();
  const word = (key: string) => t(`admin.system.${key}`);
  const columns: GridColumn<Reconciler>[] = [
    {
      key: 'name',
      title: word('reconcilers'),
      render: (row) => <span title={row.name}>{known('admin.system.names', row.name)}</span>,
    },
    {
      key: 'every',
      title: word('every'),
      width: '70px',
      align: 'right',
      render: (row) => `${row.every_seconds} s`,
    },
    { key: 'last', title: word('lastRun'), width: '156px', render: (row) => fullTime(row.last_at) },
    {
      key: 'took',
      title: word('took'),
      width: '76px',
      align: 'right',
      render: (row) => `${row.last_took_ms} ms`,
    },
    { key: 'did', title: word('did'), width: '64px', align: 'right', render: (row) => row.last_done },
    {
      key: 'error',
      title: word('error'),
      width: '20%',
      render: (row) => <ReconcilerState row={row} />,
    },
  ];
  return (
    <Panel flush>
      <GridTable label={word('reconcilers')} columns={columns} rows={rows} rowKey={(row) => row.name} />
    </Panel>
  );
}
