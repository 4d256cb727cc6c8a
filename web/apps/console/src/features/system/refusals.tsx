import { useInfiniteQuery } from '@tanstack/react-query';
import { refusalsQuery } from '@yiwang/api/admin-api.ts';
import type { Refusal, RefusalFilter } from '@yiwang/api/types/admin.ts';
import { SOURCES } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Checkbox, Input, Select } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { LoadMore } from '../../parts/load-more.tsx';
import { RefusalDialog } from './refusal-dialog.tsx';

/** What was not taken in, and why. */
export function Refusals() {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const [filter, setFilter] = useState<RefusalFilter>({});
  const [open, setOpen] = useState<number>();
  const query = useInfiniteQuery(refusalsQuery(filter));
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
          <button type="button" className="link-button" onClick={() => setOpen(row.id)}>
            {text(row.reason)}
          </button>{' '}
          <span className="yw-dim">{row.message}</span>
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
    <Panel flush title={word('refusals')} extra={<Filter filter={filter} onChange={setFilter} />}>
      <p className="system-note">{word('refusalsHint')}</p>
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
      {open !== undefined && <RefusalDialog id={open} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

interface FilterProps {
  filter: RefusalFilter;
  onChange: (filter: RefusalFilter) => void;
}

function Filter({ filter, onChange }: FilterProps) {
  const t = useT();
  const term = useTerm();
  const word = (key: string) => t(`admin.system.${key}`);
  const change = (part: Partial<Record<keyof RefusalFilter, string | boolean | undefined>>) => {
    const next = Object.entries({ ...filter, ...part }).filter(([, value]) => value);
    onChange(Object.fromEntries(next) as RefusalFilter);
  };
  return (
    <span className="system-filter">
      <Select
        size="small"
        allowClear
        style={{ width: 120 }}
        aria-label={word('source')}
        placeholder={word('source')}
        value={filter.source ?? null}
        onChange={(source) => change({ source: source ?? undefined })}
        options={SOURCES.map((one) => ({ value: one, label: term('source', one) }))}
      />
      <Input.Search
        size="small"
        allowClear
        style={{ width: 150 }}
        aria-label={word('refusalRef')}
        placeholder={word('refusalRef')}
        onSearch={(ref) => change({ ref: ref.trim() })}
      />
      <Checkbox checked={filter.open ?? false} onChange={(event) => change({ open: event.target.checked })}>
        {word('refusalOpen')}
      </Checkbox>
    </span>
  );
}
