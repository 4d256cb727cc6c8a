import { expect, it } from 'vitest';
import { partsOf, quietStateOf, targetOf } from './target.ts';

it('says only what was given', () => {
  expect(targetOf({ devices: [' P1 ', ''], groups: [], rules: ['ponding'] })).toEqual({
    devices: ['P1'],
    rules: ['ponding'],
  });
  expect(targetOf({ devices: [' '], areas: [] })).toBeUndefined();
  expect(partsOf({ rules: ['r'], devices: [], areas: ['3202'] })).toEqual([
    ['areas', ['3202']],
    ['rules', ['r']],
  ]);
});

it('says whether a window holds', () => {
  const now = Date.parse('2026-11-26T00:00:00Z');
  const window = { is_active: false, starts_at: '2026-11-25T00:00:00Z' };
  expect(quietStateOf({ ...window, is_active: true }, now)).toBe('active');
  expect(quietStateOf(window, now)).toBe('over');
  expect(quietStateOf({ ...window, starts_at: '2026-11-27T00:00:00Z' }, now)).toBe('coming');
  expect(quietStateOf({ ...window, cancelled_at: '2026-11-25T01:00:00Z' }, now)).toBe('cancelled');
});
