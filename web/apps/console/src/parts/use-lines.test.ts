import { expect, test } from 'vitest';
import { withLine } from './use-lines.ts';

test('the current line is drawn wherever it is, in the order of the list', () => {
  expect(withLine([4, 5, 6], 5)).toEqual([4, 5, 6]);
  expect(withLine([4, 5, 6], 0)).toEqual([0, 4, 5, 6]);
  expect(withLine([4, 5, 6], 90)).toEqual([4, 5, 6, 90]);
  expect(withLine([9, 10, 11], 2)).toEqual([2, 9, 10, 11]);
});

test('without a current line only those in sight are drawn', () => {
  expect(withLine([4, 5, 6], -1)).toEqual([4, 5, 6]);
  expect(withLine([], -1)).toEqual([]);
});
