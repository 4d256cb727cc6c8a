import { expect, it } from 'vitest';
import { byCount, hexRows, refusalKey } from './refused.ts';

it('finds the words of a reason whoever refused', () => {
  expect(refusalKey('hj212.crc')).toBe('crc');
  expect(refusalKey('not_let_in')).toBe('not_let_in');
});

it('puts bytes in rows of sixteen', () => {
  expect(hexRows('')).toEqual([]);
  expect(hexRows(`${'ab'.repeat(16)}0102`)).toEqual([Array(16).fill('ab').join(' '), '01 02']);
});

it('names the commonest reason first and leaves out what never was', () => {
  expect(byCount({ a: 1, b: 3, c: 0, d: 1 })).toEqual([
    ['b', 3],
    ['a', 1],
    ['d', 1],
  ]);
});
