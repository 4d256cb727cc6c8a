import { expect, it } from 'vitest';
import { segmentsOf } from './trend-path.ts';

it('breaks the line where nothing came, and shows values that stand alone', () => {
  const { lines, dots } = segmentsOf([1, 2, null, 3, null, 2, 1], 104, 24);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe('2,22 18.7,12');
  expect(dots).toEqual([
    [52, 2],
    [102, 22],
  ]);
});

it('draws a value that never changes in the middle', () => {
  expect(segmentsOf([5, 5, 5], 14, 20).lines).toEqual(['2,10 7,10 12,10']);
});

it('draws nothing of nothing', () => {
  expect(segmentsOf([null, null], 14, 20)).toEqual({ lines: [], dots: [] });
  expect(segmentsOf([], 14, 20)).toEqual({ lines: [], dots: [] });
});
