import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { adminApi, parkedQuery } from '@yiwang/api/admin-api.ts';
import type { Parked } from '@yiwang/api/types/admin.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { App, Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';

/** Events that nobody could handle: try again, or let go. */
export function ParkedMessages() {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const query = useQuery(parkedQuery);
  const word = (key: string) => t(`admin.system.${key}`);
  const act = useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'retry' | 'discard' }) => adminApi.parked(id, what),
    onSuccess: () => void message.success(t('shell.common.done')),
    onError: (fault) => void message.error(fault.message),
    onSettled: () => void client.invalidateQueries({ queryKey: ['system'] }),
  });
  const columns: GridColumn<Parked>[] = [
    { key: 'at', title: t('admin.audit.time'), width: '156px', render: (row) => fullTime(row.at) },
    { key: 'who', title: word('subscriptions'), width: '120px', render: (row) => row.subscription },
    {
      key: 'kind',
      title: word('kind'),
      width: '170px',
      render: (row) => (
        <span className="yw-mono">
          {row.kind} #{row.seq}
        </span>
      ),
    },
    { key: 'tries', title: word('tries'), width: '60px', align: 'right', render: (row) => row.tries },
    { key: 'error', title: word('error'), render: (row) => row.error },
    {
      key: 'act',
      title: '',
      width: '150px',
      align: 'right',
      render: (row) => (
        <>
          <Button size="small" onClick={() => act.mutate({ id: row.id, what: 'retry' })}>
            {word('retry')}
          </Button>{' '}
          <Popconfirm
            title={word('discardAsk')}
            onConfirm={() => act.mutate({ id: row.id, what: 'discard' })}
          >
            <Button size="small" danger>
              {word('discard')}
            </Button>
          </Popconfirm>
        </>
      ),
    },
  ];
  return (
    <Panel
      flush
      className="system-wide"
      title={word('parked')}
      extra={<span className="yw-dim">{word('parkedHint')}</span>}
    >
      <Loaded query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="system-note">{word('parkedNone')}</p>
          ) : (
            <GridTable label={word('parked')} columns={columns} rows={rows} rowKey={(row) => row.id} />
          )
        }
      </Loaded>
    </Panel>
  );
}
