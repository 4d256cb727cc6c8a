import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { codesetQuery, codesetsQuery } from '@yiwang/api/catalog-api.ts';
import type { CodesetDetail, CodesetView } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Input } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';

/** The codes of standards and of other systems, and the items that cross over to them. */
export function Codesets() {
  const t = useT();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const sets = useQuery(codesetsQuery);
  const chosen = search.set ?? sets.data?.[0]?.id;
  const columns: GridColumn<CodesetView>[] = [
    {
      key: 'title',
      title: t('catalog.items.tabCodesets'),
      render: (set) => (
        <>
          {text(set.title)} <VerifiedChip isVerified={set.verified} />
          <div className="yw-dim">
            <span className="yw-mono">{set.id}</span> ·{' '}
            {t('catalog.items.codesets.entries', { count: set.entry_count })}
          </div>
        </>
      ),
    },
  ];
  return (
    <div className="page-split items-split">
      <Panel flush scroll>
        <Loaded query={sets}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty />
            ) : (
              <GridTable
                label={t('catalog.items.tabCodesets')}
                columns={columns}
                rows={rows}
                rowKey={(set) => set.id}
                selected={chosen}
                onPick={(set) => setSearch({ set: set.id }, { replace: true })}
              />
            )
          }
        </Loaded>
      </Panel>
      {chosen ? <Codeset key={chosen} id={chosen} /> : <Empty text={t('catalog.items.codesets.pick')} />}
    </div>
  );
}

function VerifiedChip({ isVerified }: { isVerified: boolean }) {
  const t = useT();
  return (
    <Chip tone={isVerified ? 'green' : 'yellow'}>
      {t(`catalog.items.codesets.${isVerified ? 'verified' : 'unverified'}`)}
    </Chip>
  );
}

function Codeset({ id }: { id: string }) {
  const query = useQuery(codesetQuery(id));
  return <Loaded query={query}>{(set) => <Entries set={set} />}</Loaded>;
}

interface Entry {
  code: string;
  name: string;
  depth: number;
  items: { code: string; name: string }[];
  isStrange: boolean;
}

/** The codes in their order, each under its parent, with the items that cross over; unknown codes last. */
function entriesOf(set: CodesetDetail, text: ReturnType<typeof useText>): Entry[] {
  const parents = new Map(set.entries.map((entry) => [entry.code, entry.parent ?? undefined]));
  const depthOf = (code: string): number => {
    let depth = 0;
    for (let at = parents.get(code); at && depth < 8; at = parents.get(at)) depth += 1;
    return depth;
  };
  const itemsOf = (code: string) =>
    set.items.filter((item) => item.to === code).map((item) => ({ code: item.code, name: text(item.name) }));
  const strange = [...new Set(set.items.map((item) => item.to))].filter((code) => !parents.has(code));
  return [
    ...set.entries.map((entry) => ({
      code: entry.code,
      name: text(entry.name),
      depth: depthOf(entry.code),
      items: itemsOf(entry.code),
      isStrange: false,
    })),
    ...strange.map((code) => ({ code, name: '', depth: 0, items: itemsOf(code), isStrange: true })),
  ];
}

function Entries({ set }: { set: CodesetDetail }) {
  const t = useT();
  const text = useText();
  const [q, setQ] = useState('');
  const word = (key: string) => t(`catalog.items.codesets.${key}`);
  const all = entriesOf(set, text);
  const wanted = q.trim().toLowerCase();
  const shown = all.filter((entry) =>
    [entry.code, entry.name, ...entry.items.flatMap((item) => [item.code, item.name])].some((words) =>
      words.toLowerCase().includes(wanted),
    ),
  );
  const columns: GridColumn<Entry>[] = [
    {
      key: 'code',
      title: word('code'),
      width: '110px',
      render: (entry) => (
        <span className="yw-mono" style={{ paddingLeft: entry.depth * 14 }}>
          {entry.code}
        </span>
      ),
    },
    {
      key: 'name',
      title: word('name'),
      width: '38%',
      render: (entry) =>
        entry.isStrange ? (
          <Chip tone="red">{word('strange')}</Chip>
        ) : (
          <span style={{ fontWeight: entry.depth === 0 ? 600 : 400 }}>{entry.name}</span>
        ),
    },
    {
      key: 'items',
      title: word('items'),
      render: (entry) => (
        <span className="codeset-items">
          {entry.items.map((item) => (
            <Link key={item.code} to="/items" search={{ code: item.code }}>
              {item.name} <span className="yw-dim yw-mono">{item.code}</span>
            </Link>
          ))}
        </span>
      ),
    },
  ];
  return (
    <Panel
      flush
      scroll
      title={
        <>
          {text(set.title)} <VerifiedChip isVerified={set.verified} />
        </>
      }
      extra={
        <>
          <span className="yw-dim">
            {t('catalog.items.codesets.crossed', {
              count: set.items.length,
              codes: new Set(set.items.map((item) => item.to)).size,
            })}
          </span>
          <Input
            type="search"
            allowClear
            size="small"
            style={{ width: 220 }}
            aria-label={word('search')}
            placeholder={word('search')}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </>
      }
    >
      {set.source && (
        <p className="codeset-source yw-dim">
          {word('source')}：{text(set.source)}
        </p>
      )}
      {shown.length === 0 ? (
        <Empty />
      ) : (
        <GridTable label={text(set.title)} columns={columns} rows={shown} rowKey={(entry) => entry.code} />
      )}
    </Panel>
  );
}
