import { expect, it } from 'vitest';
import { areasOf, gridOf, matrixOf, readingOrder, styleOf } from './grid.ts';
import { columnWidths } from './seams.ts';

const layout = { columns: [26, 48, 26], rows: [1, 1, 1], areas: ['a m d', 'b m e', 'c t .'] };

it('finds the cells of each widget', () => {
  const grid = gridOf(layout);
  expect(grid.faults).toEqual([]);
  expect(grid.places.get('m')).toEqual({ x: 1, y: 0, width: 1, height: 2 });
  expect(grid.places.has('.')).toBe(false);
  expect(readingOrder(layout)).toEqual(['a', 'm', 'd', 'b', 'e', 'c', 't']);
});

it('says what is no grid', () => {
  expect(gridOf({ ...layout, areas: ['a m d', 'b m', 'c t f'] }).faults).toContainEqual({
    kind: 'uneven',
    row: 1,
  });
  expect(gridOf({ ...layout, areas: ['a m a', 'b m e', 'c t f'] }).faults).toContainEqual({
    kind: 'torn',
    area: 'a',
  });
  expect(gridOf({ ...layout, rows: [1] }).faults).toContainEqual({ kind: 'rows' });
  expect(gridOf({ columns: [], areas: [] }).faults).toContainEqual({ kind: 'empty' });
});

it('reads and writes rows the same', () => {
  expect(areasOf(matrixOf([' a  m d', 'b m e ']))).toEqual(['a m d', 'b m e']);
});

it('becomes a grid of the browser', () => {
  expect(styleOf({ columns: [1], areas: ['a', 'b'] })).toEqual({
    gridTemplateColumns: 'minmax(0, 1fr)',
    gridTemplateRows: 'repeat(2, auto)',
    gridTemplateAreas: '"a" "b"',
  });
});

it('lays gaps on bezels, and leaves the outer edges where they are', () => {
  const strip = { width: 5736, gap: 12, left: 12 };
  const widths = columnWidths([1, 1, 1, 1, 1, 1], [1920, 3840], strip);
  const gapAt = (behind: number) =>
    12 + widths.slice(0, behind + 1).reduce((total, one) => total + one, 0) + 12 * behind + 6;
  expect(gapAt(1)).toBeCloseTo(1920);
  expect(gapAt(3)).toBeCloseTo(3840);
  expect(widths.reduce((total, one) => total + one, 0) + 12 * 5).toBeCloseTo(5736);
});

it('leaves a widget across a bezel that no gap is near to', () => {
  const widths = columnWidths([1], [1920], { width: 3816, gap: 12, left: 12 });
  expect(widths).toEqual([3816]);
});
