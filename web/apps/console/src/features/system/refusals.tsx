import { useInfiniteQuery } from '@tanstack/react-query';
import { refusalsQuery } from '@yiwang/api/admin-api.ts';
import type { Refusal } from '@yiwang/api/types/admin.ts';
import { SOURCES } from '@yiwang/api/types/incident.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { LoadMore } from '../../parts/load-more.tsx';

/** What was not taken in, and why. */
export function Refusals() {
  const t = useT();
  const term = useTerm();
  const [source, setSource] = useState<string>();
  const query = useInfiniteQuery(refusalsQuery(source ?? ''));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const word = (key: string) => t(`admin.system.${key}`);
  const columns: GridColumn<Refusal>[] = [
    { key: 'at', title: t('admin.audit.time'), width: '156px', render: (row) => fullTime(row.at) },
    { key: 'source', title: word('source'), width: '100px', render: (row) => term('source', row.source) },
    {
      key: 'reason',
      title: word('reason'),
      render: (row) => (
        <>
          {row.message} <span className="yw-dim yw-mono">{row.code}</span>
        </>
      ),
    },
    {
      key: 'ref',
      title: t('incident.fact.sourceRef'),
      width: '150px',
      render: (row) => <span className="yw-mono">{row.source_ref}</span>,
    },
  ];
  return (
    <Panel
      flush
      title={word('refusals')}
      extra={
        <Select
          size="small"
          allowClear
          style={{ width: 140 }}
          aria-label={word('source')}
          placeholder={word('source')}
          value={source ?? null}
          onChange={(next) => setSource(next ?? undefined)}
          options={SOURCES.map((one) => ({ value: one, label: term('source', one) }))}
        />
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <p className="system-note">{word('refusalsNone')}</p>
          ) : (
            <GridTable
              label={word('refusals')}
              columns={columns}
              rows={rows}
              rowKey={(row) => String(row.id)}
            />
          )
        }
      </Loaded>
      {query.hasNextPage && <LoadMore count={rows.length} query={query} />}
    </Panel>
  );
}
