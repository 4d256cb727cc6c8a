import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useLines } from '../../../parts/use-lines.ts';
import { IncidentLine } from './incident-line.tsx';
import './incident-list.css';

export const ROW_HEIGHT = 34;
const READ_AHEAD_ROWS = 40;

interface IncidentListProps {
  rows: readonly IncidentRow[];
  cursor: string | undefined;
  opened: string | undefined;
  hasMore: boolean;
  isReadingMore: boolean;
  onMore: () => void;
  onPick: (row: IncidentRow) => void;
}

const COLUMNS = [
  'light',
  'grade',
  'number',
  'title',
  'item',
  'area',
  'lead',
  'status',
  'source',
  'created',
] as const;

/** The queue. Only the rows in sight are drawn, however many are held. */
export function IncidentList(props: IncidentListProps) {
  const { rows, cursor, opened, hasMore, isReadingMore, onMore, onPick } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const index = cursor ? rows.findIndex((row) => row.id === cursor) : -1;
  const virtual = useLines({
    count: rows.length,
    height: ROW_HEIGHT,
    current: index,
    scroller,
    keyOf: (at) => rows[at]?.id ?? at,
  });
  const items = virtual.getVirtualItems();
  const lastSeen = virtual.range?.endIndex ?? 0;
  useKeepPlace(rows, scroller);

  useEffect(() => {
    if (hasMore && !isReadingMore && lastSeen >= rows.length - READ_AHEAD_ROWS) onMore();
  }, [hasMore, isReadingMore, lastSeen, rows.length, onMore]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a moved cursor scrolls, not a changed list
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [cursor]);

  return (
    <div
      className="incident-list"
      role="grid"
      tabIndex={0}
      aria-label={t('incident.list')}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-activedescendant={index >= 0 ? `case-${cursor}` : undefined}
      ref={scroller}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div className="incident-line incident-list-head" role="row" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          <div key={column} role="columnheader" className={`cell-${column}`}>
            {t(`incident.column.${column}`)}
          </div>
        ))}
      </div>
      <div className="incident-list-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <IncidentLine
                key={item.key}
                row={row}
                index={item.index}
                top={item.start}
                isCursor={row.id === cursor}
                isOpened={row.id === opened}
                onPick={onPick}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Rows that come in above leave what is being read where it is. */
function useKeepPlace(rows: readonly IncidentRow[], scroller: React.RefObject<HTMLDivElement | null>): void {
  const anchor = useRef<string>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / ROW_HEIGHT);
    if (anchor.current && top > 0 && rows[top]?.id !== anchor.current) {
      const moved = rows.findIndex((row) => row.id === anchor.current);
      if (moved > top && moved - top < 200) element.scrollTop += (moved - top) * ROW_HEIGHT;
    }
    const remember = () => {
      anchor.current = rows[Math.floor(element.scrollTop / ROW_HEIGHT)]?.id;
    };
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [rows, scroller]);
}
