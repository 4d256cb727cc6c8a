import { expect, it } from 'vitest';
import { balanceOf, totalOf } from './balance.ts';

const even = {
  source: 'hotline',
  received: 12,
  stored: 8,
  duplicate: 1,
  refused: { a: 1, b: 1 },
  shed: { rate: 1 },
};

it('accounts for everything that came in', () => {
  expect(balanceOf(even)).toMatchObject({ refused: 2, shed: 1, off: 0 });
  expect(balanceOf({ ...even, stored: 7 }).off).toBe(1);
  expect(totalOf([balanceOf(even), balanceOf({ ...even, stored: 7 })])).toMatchObject({
    received: 24,
    off: 1,
  });
});
