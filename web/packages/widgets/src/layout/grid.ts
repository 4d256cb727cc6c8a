import type { ScreenLayout } from '@yiwang/api/types/screen.ts';

/** Cells of a widget, counted from 0; `width` and `height` in cells. */
export interface Cells {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GridFault {
  /** Where in the layout: a row of `areas`, or the layout itself. */
  row?: number;
  kind: 'uneven' | 'torn' | 'rows' | 'columns' | 'empty';
  area?: string;
}

export interface Grid {
  columns: number;
  rows: number;
  places: Map<string, Cells>;
  faults: GridFault[];
}

export const EMPTY_CELL = '.';

/** Names by row and column. */
export const matrixOf = (areas: readonly string[]): string[][] =>
  areas.map((row) => row.trim().split(/\s+/).filter(Boolean));

/** Names as a layout writes them. */
export const areasOf = (matrix: readonly (readonly string[])[]): string[] =>
  matrix.map((row) => row.join(' '));

/** Where each widget lies, and what keeps the areas from being a grid. */
export function gridOf(layout: ScreenLayout): Grid {
  const matrix = matrixOf(layout.areas);
  const columns = layout.columns.length;
  const faults: GridFault[] = [];
  if (columns === 0 || matrix.length === 0) faults.push({ kind: 'empty' });
  if (layout.rows && layout.rows.length !== matrix.length) faults.push({ kind: 'rows' });
  const places = new Map<string, Cells>();
  const counts = new Map<string, number>();
  for (const [y, row] of matrix.entries()) {
    if (row.length !== columns) faults.push({ kind: 'uneven', row: y });
    for (const [x, name] of row.entries()) {
      if (name === EMPTY_CELL) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      places.set(name, grown(places.get(name), x, y));
    }
  }
  for (const [area, { width, height }] of places)
    if (width * height !== counts.get(area)) faults.push({ kind: 'torn', area });
  return { columns, rows: matrix.length, places, faults };
}

/** The smallest rectangle that holds what was there, and a cell. */
function grown(cells: Cells | undefined, x: number, y: number): Cells {
  if (!cells) return { x, y, width: 1, height: 1 };
  const [left, top] = [Math.min(cells.x, x), Math.min(cells.y, y)];
  return {
    x: left,
    y: top,
    width: Math.max(cells.x + cells.width, x + 1) - left,
    height: Math.max(cells.y + cells.height, y + 1) - top,
  };
}

/** Widgets from top to bottom, left to right: the order of a phone and of the keyboard. */
export function readingOrder(layout: ScreenLayout): string[] {
  const seen = new Set<string>();
  for (const row of matrixOf(layout.areas)) for (const name of row) if (name !== EMPTY_CELL) seen.add(name);
  return [...seen];
}

export interface GridStyle {
  gridTemplateColumns: string;
  gridTemplateRows: string;
  gridTemplateAreas: string;
}

const tracks = (weights: readonly number[]) =>
  weights.map((weight) => `minmax(0, ${Math.max(0.01, weight)}fr)`).join(' ');

/** The layout as the browser's own grid draws it. `widths` in pixels go before the weights of columns. */
export function styleOf(layout: ScreenLayout, widths?: readonly number[]): GridStyle {
  return {
    gridTemplateColumns: widths
      ? widths.map((width) => `${width.toFixed(2)}px`).join(' ')
      : tracks(layout.columns),
    gridTemplateRows: layout.rows ? tracks(layout.rows) : `repeat(${Math.max(1, layout.areas.length)}, auto)`,
    gridTemplateAreas: matrixOf(layout.areas)
      .map((row) => `"${row.join(' ')}"`)
      .join(' '),
  };
}
