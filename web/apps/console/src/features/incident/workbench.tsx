import { useInfiniteQuery } from '@tanstack/react-query';
import { incidentListQuery } from '@yiwang/api/incident-api.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { InputRef } from '@yiwang/ui/controls.ts';
import { Empty, Fault, Loading } from '@yiwang/ui/states.tsx';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Intent } from '../../app/keyboard.ts';
import { showOverlay } from '../../app/overlay-store.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import {
  filterQuery,
  filterSearch,
  type IncidentFilter,
  matches,
  parseFilter,
  type Search,
  soonToggled,
  toggled,
} from '../../parts/incident-filters.ts';
import { DetailPane } from './detail/detail-pane.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { IncidentList } from './list/incident-list.tsx';
import { useCaseCommands } from './use-case-commands.tsx';
import { useKeys } from './use-keys.ts';
import './workbench.css';

const FILTER_KEYS = [
  'scope',
  'sort',
  'status',
  'light',
  'grade',
  'source',
  'item',
  'area',
  'org',
  'tree',
  'from',
  'until',
  'within',
  'q',
];
const NO_SEARCH = Object.fromEntries(FILTER_KEYS.map((key) => [key, undefined]));

function useFilter(preset: Search | undefined) {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => parseFilter({ ...preset, ...search }), [preset, search]);
  const setFilter = (next: IncidentFilter) =>
    setSearch({ ...NO_SEARCH, ...filterSearch(next) }, { replace: true });
  return { filter, setFilter, opened: search.sel, tab: search.tab ?? 'overview', setSearch };
}

function useRows(filter: IncidentFilter, keep: string | undefined) {
  const query = useMemo(() => filterQuery(filter), [filter]);
  const list = useInfiniteQuery(incidentListQuery(query));
  const rows = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    return all.filter((row) => row.id === keep || matches(row, filter));
  }, [list.data, filter, keep]);
  return { list, rows };
}

function NoCases() {
  const t = useT();
  return <Empty text={t('incident.empty')} hint={t('incident.emptyHint')} />;
}

interface WorkbenchProps {
  title: string;
  /** What the view starts from where the address says nothing. */
  preset?: Search;
}

/** The queue on the left, the case on the right, and every key of the officer's hand. */
export function Workbench({ title, preset }: WorkbenchProps) {
  const { filter, setFilter, opened, tab, setSearch } = useFilter(preset);
  const [cursor, setCursor] = useState(opened);
  const { list, rows } = useRows(filter, opened);
  const commands = useCaseCommands();
  const searchRef = useRef<InputRef>(null);

  const open = useCallback(
    (id: string | undefined) => {
      if (id) setCursor(id);
      setSearch({ sel: id }, { replace: true });
    },
    [setSearch],
  );
  const onPick = useCallback((row: IncidentRow) => open(row.id), [open]);
  const onMore = useCallback(() => void list.fetchNextPage(), [list.fetchNextPage]);

  const move = (by: number) => {
    const at = rows.findIndex((row) => row.id === cursor);
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next) return;
    setCursor(next.id);
    if (opened) setSearch({ sel: next.id }, { replace: true });
  };
  const act = (intent: Intent) => {
    if (intent.do === 'next') move(1);
    else if (intent.do === 'previous') move(-1);
    else if (intent.do === 'open') open(opened === cursor ? undefined : cursor);
    else if (intent.do === 'filter') searchRef.current?.focus();
    else if (intent.do === 'help') showOverlay('keys');
    else if (intent.do === 'soon') setFilter(soonToggled(filter));
    else if (intent.do === 'grade') setFilter({ ...filter, grade: toggled(filter.grade, intent.grade) });
    else if (intent.do === 'map') {
      open(cursor);
      setTimeout(() => document.getElementById('case-map')?.scrollIntoView({ block: 'center' }), 200);
    } else if (intent.do !== 'palette') void commands.byKey(intent.do, cursor ?? opened);
  };
  useKeys(act);

  return (
    <div className="workbench">
      <h2 className="yw-visually-hidden">{title}</h2>
      <FilterBar filter={filter} onChange={setFilter} searchRef={searchRef} />
      <div className="workbench-split" data-open={opened !== undefined}>
        <div className="incident-list-host">
          {list.isPending && !list.error && <Loading />}
          {list.error && !list.data && <Fault fault={list.error} onRetry={() => void list.refetch()} />}
          {list.data && rows.length === 0 && <NoCases />}
          {rows.length > 0 && (
            <IncidentList
              rows={rows}
              cursor={cursor}
              opened={opened}
              hasMore={list.hasNextPage}
              isReadingMore={list.isFetchingNextPage}
              onMore={onMore}
              onPick={onPick}
            />
          )}
          <Foot count={rows.length} hasMore={list.hasNextPage} />
        </div>
        {opened && (
          <DetailPane
            id={opened}
            tab={tab}
            onTab={(next) => setSearch({ tab: next === 'overview' ? undefined : next }, { replace: true })}
            onClose={() => open(undefined)}
            onCommand={commands.run}
            onOpen={open}
          />
        )}
      </div>
      {commands.dialog}
    </div>
  );
}

const HINTS: readonly [string, string][] = [
  ['J K', 'next'],
  ['Enter', 'open'],
  ['S', 'sign'],
  ['A', 'assign'],
  ['D', 'soonShort'],
  ['?', 'help'],
];

function Foot({ count, hasMore }: { count: number; hasMore: boolean }) {
  const t = useT();
  return (
    <footer className="incident-list-foot">
      <span>{t(hasMore ? 'incident.shown' : 'incident.end', { count })}</span>
      <span className="foot-keys">
        {HINTS.map(([key, words]) => (
          <span key={key}>
            <kbd>{key}</kbd> {t(`shell.keys.${words}`)}
          </span>
        ))}
      </span>
    </footer>
  );
}
