import type { ReactNode } from 'react';
import './grid-table.css';

export interface GridColumn<T> {
  key: string;
  title: ReactNode;
  render: (row: T) => ReactNode;
  width?: string;
  align?: 'left' | 'right' | 'center';
  /** What the column means, said over its head. */
  hint?: string;
  /** It can be sorted by: which way it is, and what a press on its head does. */
  sort?: { way: 'ascending' | 'descending' | undefined; onPress: () => void };
}

const ARROWS = { ascending: ' ↑', descending: ' ↓' } as const;

interface GridTableProps<T> {
  label: string;
  columns: GridColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  selected?: string | undefined;
  onPick?: (row: T) => void;
  /** Rows that matter less. */
  isDim?: (row: T) => boolean;
  foot?: ReactNode;
}

/** A plain dense table with a head that stays; for lists of up to some thousand rows. */
export function GridTable<T>({
  label,
  columns,
  rows,
  rowKey,
  selected,
  onPick,
  isDim,
  foot,
}: GridTableProps<T>) {
  return (
    <table className="yw-table" aria-label={label}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.key} style={column.width ? { width: column.width } : undefined} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              data-align={column.align ?? 'left'}
              title={column.hint}
              aria-sort={column.sort?.way}
            >
              {column.sort ? (
                <button type="button" className="yw-table-sort" onClick={column.sort.onPress}>
                  {column.title}
                  {column.sort.way && ARROWS[column.sort.way]}
                </button>
              ) : (
                column.title
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = rowKey(row);
          return (
            <tr
              key={key}
              data-selected={selected === key}
              data-pickable={onPick !== undefined}
              data-dim={isDim?.(row) || undefined}
              tabIndex={onPick ? 0 : undefined}
              aria-current={selected === key || undefined}
              onClick={onPick && (() => onPick(row))}
              onKeyDown={
                onPick &&
                ((event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onPick(row);
                })
              }
            >
              {columns.map((column) => (
                <td key={column.key} data-column={column.key} data-align={column.align ?? 'left'}>
                  {column.render(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
      {foot && <tfoot>{foot}</tfoot>}
    </table>
  );
}
