import type { LayoutKey, Screen, ScreenLayout, ScreenWidget, WidgetKind } from '@yiwang/api/types/screen.ts';
import { areasOf, EMPTY_CELL, gridOf, matrixOf } from '@yiwang/widgets/layout/grid.ts';

/** Cells from one corner to the other, both included. */
export interface Selection {
  from: { x: number; y: number };
  to: { x: number; y: number };
}

export const edgesOf = ({ from, to }: Selection) => ({
  left: Math.min(from.x, to.x),
  right: Math.max(from.x, to.x),
  top: Math.min(from.y, to.y),
  bottom: Math.max(from.y, to.y),
});

export const isWithin = (selection: Selection, x: number, y: number): boolean => {
  const { left, right, top, bottom } = edgesOf(selection);
  return x >= left && x <= right && y >= top && y <= bottom;
};

/** Rows as long as there are columns, as many as there are weights of rows. */
function squared(layout: ScreenLayout): string[][] {
  const columns = layout.columns.length;
  return matrixOf(layout.areas).map((row) => Array.from({ length: columns }, (_, x) => row[x] ?? EMPTY_CELL));
}

const withMatrix = (layout: ScreenLayout, matrix: string[][]): ScreenLayout => ({
  ...layout,
  areas: areasOf(matrix),
});

/**
 * Gives a rectangle of cells to a widget, and takes it out of where it lay: a widget has one place. Widgets that are
 * cut into by it lose their place where what is left of them is no rectangle.
 */
export function painted(layout: ScreenLayout, selection: Selection, area: string): ScreenLayout {
  const matrix = squared(layout).map((row, y) =>
    row.map((name, x) => {
      if (isWithin(selection, x, y)) return area;
      return name === area && area !== EMPTY_CELL ? EMPTY_CELL : name;
    }),
  );
  const next = withMatrix(layout, matrix);
  const torn = new Set(gridOf(next).faults.flatMap((fault) => fault.area ?? []));
  if (torn.size === 0) return next;
  return withMatrix(
    next,
    matrix.map((row) => row.map((name) => (torn.has(name) ? EMPTY_CELL : name))),
  );
}

export function withColumn(layout: ScreenLayout): ScreenLayout {
  const matrix = squared(layout).map((row) => [...row, EMPTY_CELL]);
  return { ...withMatrix(layout, matrix), columns: [...layout.columns, layout.columns.at(-1) ?? 1] };
}

export function withoutColumn(layout: ScreenLayout): ScreenLayout {
  if (layout.columns.length < 2) return layout;
  const matrix = squared(layout).map((row) => row.slice(0, -1));
  return { ...withMatrix(layout, matrix), columns: layout.columns.slice(0, -1) };
}

export function withRow(layout: ScreenLayout): ScreenLayout {
  const matrix = [...squared(layout), layout.columns.map(() => EMPTY_CELL)];
  const next = withMatrix(layout, matrix);
  return layout.rows ? { ...next, rows: [...layout.rows, layout.rows.at(-1) ?? 1] } : next;
}

export function withoutRow(layout: ScreenLayout): ScreenLayout {
  if (layout.areas.length < 2) return layout;
  const next = withMatrix(layout, squared(layout).slice(0, -1));
  return layout.rows ? { ...next, rows: layout.rows.slice(0, -1) } : next;
}

/** Rows by weight, or each as tall as it needs. */
export function withRowWeights(layout: ScreenLayout, isWeighted: boolean): ScreenLayout {
  if (isWeighted) return { ...layout, rows: layout.rows ?? layout.areas.map(() => 1) };
  const { rows: _, ...rest } = layout;
  return rest;
}

export const withLayout = (screen: Screen, key: LayoutKey, layout: ScreenLayout): Screen => ({
  ...screen,
  layouts: { ...screen.layouts, [key]: layout },
});

export function withoutLayout(screen: Screen, key: LayoutKey): Screen {
  const { [key]: _, ...layouts } = screen.layouts;
  return { ...screen, layouts };
}

/** A layout that is new to a screen: that of another form, or one empty column. */
export function firstLayout(screen: Screen, key: LayoutKey): ScreenLayout {
  const [any] = Object.values(screen.layouts);
  if (key === 'phone' && any) {
    const names = [...gridOf(any).places.keys()];
    return { columns: [1], areas: names.length > 0 ? names : [EMPTY_CELL] };
  }
  return any ?? { columns: [1, 1, 1], rows: [1, 1], areas: ['. . .', '. . .'] };
}

/** A name that no widget has: of its kind, with a number. */
export function freeArea(screen: Screen, kind: string): string {
  const taken = new Set(screen.widgets.map((widget) => widget.area));
  const stem = kind.slice(0, 12);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}${number}`;
    if (!taken.has(name)) return name;
  }
}

const FIRST_OPTIONS: Partial<Record<WidgetKind, Record<string, unknown>>> = {
  pie: { of: 'cases', by: 'source' },
  sankey: { of: 'cases' },
  table: { of: 'cases' },
  ticker: { of: ['alarms'] },
  map: { cases: true, alarms: true },
};

export function withWidget(screen: Screen, kind: WidgetKind): { screen: Screen; area: string } {
  const area = freeArea(screen, kind);
  const widget: ScreenWidget = { area, kind, options: FIRST_OPTIONS[kind] ?? {} };
  return { screen: { ...screen, widgets: [...screen.widgets, widget] }, area };
}

/** Takes a widget from the screen and from all layouts. */
export function withoutWidget(screen: Screen, area: string): Screen {
  const layouts = Object.fromEntries(
    Object.entries(screen.layouts).map(([key, layout]) => [
      key,
      withMatrix(
        layout,
        matrixOf(layout.areas).map((row) => row.map((name) => (name === area ? EMPTY_CELL : name))),
      ),
    ]),
  );
  return { ...screen, layouts, widgets: screen.widgets.filter((widget) => widget.area !== area) };
}

export const changedWidget = (
  screen: Screen,
  area: string,
  change: (widget: ScreenWidget) => ScreenWidget,
): Screen => ({
  ...screen,
  widgets: screen.widgets.map((widget) => (widget.area === area ? change(widget) : widget)),
});

export function withOption(widget: ScreenWidget, name: string, value: unknown): ScreenWidget {
  const { [name]: _, ...rest } = widget.options ?? {};
  const isNothing = value === undefined || value === null || value === '' || value === false;
  return { ...widget, options: isNothing ? rest : { ...rest, [name]: value } };
}

export const freshScreen = (code: string): Screen => ({
  code,
  title: { zh: code },
  order: 100,
  refresh_seconds: 15,
  layouts: { '16:9': { columns: [1, 1, 1], rows: [1, 1], areas: ['. . .', '. . .'] } },
  widgets: [],
});

export const isCode = (code: string): boolean => /^[a-z0-9-]{1,64}$/.test(code);
