import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { useEffect, useRef } from 'react';
import { useLines } from '../../parts/use-lines.ts';
import { nextSort, SORTS, type Sort } from './filters.ts';
import { IndicatorLine } from './indicator-line.tsx';
import './indicator-list.css';

export const ROW_HEIGHT = 42;

interface ListProps {
  rows: readonly Indicator[];
  cursor: string | undefined;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onOpen: (code: string) => void;
}

const COLUMNS = [
  'state',
  'indicator',
  'value',
  'usual',
  'trend',
  'domain',
  'owner',
  'since',
  'age',
  'score',
  'verified',
] as const;

/** What a column is sorted by, where that is not its own name. */
const BY: Partial<Record<(typeof COLUMNS)[number], Sort>> = { indicator: 'code' };
const sortOf = (column: (typeof COLUMNS)[number]): Sort | undefined =>
  BY[column] ?? SORTS.find((one) => one === column);

/** The indicators. Only the rows in sight are drawn. */
export function IndicatorList({ rows, cursor, sort, onSort, onOpen }: ListProps) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const index = cursor ? rows.findIndex((row) => row.code === cursor) : -1;
  const virtual = useLines({
    count: rows.length,
    height: ROW_HEIGHT,
    current: index,
    scroller,
    keyOf: (at) => rows[at]?.code ?? at,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a moved cursor scrolls, not a changed list
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [cursor]);
  const ariaSort = (column: Sort | undefined) =>
    column && sort === column ? 'ascending' : column && sort === `-${column}` ? 'descending' : undefined;
  return (
    <div className="indicator-list-host">
      <div
        className="indicator-list"
        role="grid"
        tabIndex={0}
        aria-label={t('vitals.tab.indicators')}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={index >= 0 ? `indicator-${cursor}` : undefined}
        ref={scroller}
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
        <div className="indicator-line indicator-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => {
            const by = sortOf(column);
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
              <div key={column} role="columnheader" className={`cell-${column}`} aria-sort={ariaSort(by)}>
                {by ? (
                  <button type="button" onClick={() => onSort(nextSort({ sort }, by))}>
                    {t(`vitals.column.${column}`)}
                    {sort === by ? ' ↑' : sort === `-${by}` ? ' ↓' : ''}
                  </button>
                ) : (
                  t(`vitals.column.${column}`)
                )}
              </div>
            );
          })}
        </div>
        <div className="indicator-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <IndicatorLine
                  key={item.key}
                  row={row}
                  index={item.index}
                  top={item.start}
                  isCursor={row.code === cursor}
                  onOpen={onOpen}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
