import type { ScreenLayout, ScreenWidget } from '@yiwang/api/types/screen.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { EMPTY_CELL, matrixOf } from '@yiwang/widgets/layout/grid.ts';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { isWithin, painted, type Selection } from './editing.ts';

interface GridEditorProps {
  layout: ScreenLayout;
  widgets: readonly ScreenWidget[];
  /** The widget that cells are given to. */
  chosen: string | undefined;
  onChoose: (area: string) => void;
  onChange: (layout: ScreenLayout) => void;
}

const START: Selection = { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } };
const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Cells of a layout. A rectangle of them is chosen, by pointer or by keys, and given to a widget. */
export function GridEditor({ layout, widgets, chosen, onChoose, onChange }: GridEditorProps) {
  const t = useT();
  const [selection, setSelection] = useState(START);
  const host = useRef<HTMLDivElement>(null);
  const drags = useRef(false);
  const matrix = matrixOf(layout.areas);
  const [columns, rows] = [layout.columns.length, matrix.length];
  const title = useTitles(widgets);

  useEffect(() => {
    const stop = () => {
      drags.current = false;
    };
    addEventListener('pointerup', stop);
    return () => removeEventListener('pointerup', stop);
  }, []);

  const give = (area: string) => onChange(painted(layout, selection, area));
  const focus = (x: number, y: number) =>
    host.current?.querySelector<HTMLElement>(`[data-cell="${x},${y}"]`)?.focus();

  const onKey = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      const x = Math.min(columns - 1, Math.max(0, selection.to.x + move[0]));
      const y = Math.min(rows - 1, Math.max(0, selection.to.y + move[1]));
      setSelection({ from: event.shiftKey ? selection.from : { x, y }, to: { x, y } });
      focus(x, y);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      give(chosen);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      give(EMPTY_CELL);
    }
  };

  const press = (x: number, y: number, extend: boolean, name: string) => {
    drags.current = true;
    setSelection(extend ? { ...selection, to: { x, y } } : { from: { x, y }, to: { x, y } });
    if (name !== EMPTY_CELL && !extend) onChoose(name);
  };

  return (
    <div className="screen-grid-editor">
      <div
        ref={host}
        className="screen-cells"
        role="grid"
        tabIndex={-1}
        aria-label={t('wall.edit.grid')}
        aria-multiselectable="true"
        style={{ gridTemplateColumns: layout.columns.map((weight) => `minmax(34px, ${weight}fr)`).join(' ') }}
        onKeyDown={onKey}
      >
        {matrix.map((row, y) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          <div key={y} role="row" className="screen-cell-row" tabIndex={-1}>
            {layout.columns.map((_, x) => {
              const name = row[x] ?? EMPTY_CELL;
              const words = name === EMPTY_CELL ? t('wall.edit.emptyCell') : title(name);
              return (
                <div
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  key={x}
                  role="gridcell"
                  data-cell={`${x},${y}`}
                  className="screen-cell"
                  data-empty={name === EMPTY_CELL}
                  data-own={name === chosen}
                  aria-selected={isWithin(selection, x, y)}
                  aria-label={t('wall.edit.cell', { row: y + 1, column: x + 1, name: words })}
                  tabIndex={selection.to.x === x && selection.to.y === y ? 0 : -1}
                  onPointerDown={(event) => press(x, y, event.shiftKey, name)}
                  onPointerEnter={() => {
                    if (drags.current) setSelection((old) => ({ ...old, to: { x, y } }));
                  }}
                >
                  {name === EMPTY_CELL ? '·' : words}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p className="yw-dim screen-hint">{t('wall.edit.gridHint')}</p>
      <div className="screen-acts">
        <Button size="small" type="primary" disabled={!chosen} onClick={() => chosen && give(chosen)}>
          {t('wall.edit.place', { area: chosen ? title(chosen) : '—' })}
        </Button>
        <Button size="small" onClick={() => give(EMPTY_CELL)}>
          {t('wall.edit.clear')}
        </Button>
      </div>
    </div>
  );
}

/** What widgets are called where there is little room. */
export function useTitles(widgets: readonly ScreenWidget[]): (area: string) => string {
  const t = useT();
  const text = useText();
  return (area) => {
    const widget = widgets.find((one) => one.area === area);
    if (!widget) return area;
    return text(widget.title) || `${t(`wall.kinds.${widget.kind}`)} ${area}`;
  };
}
