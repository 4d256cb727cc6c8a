import type { Rule } from '@yiwang/api/types/alerting.ts';
import { expect, it } from 'vitest';
import { parameterOf, percent } from './parameter.ts';

const rule = {
  params: {
    limit: 50,
    level: [
      { to: '2026-06-01T00:00:00+08:00', value: 3 },
      { from: '2026-06-01T00:00:00+08:00', value: 4 },
    ],
  },
} as unknown as Rule;

it('takes the number in force at the instant', () => {
  const may = Date.parse('2026-05-31T23:59:00+08:00');
  expect(parameterOf(rule, 'limit', may)).toBe(50);
  expect(parameterOf(rule, 'level', may)).toBe(3);
  expect(parameterOf(rule, 'level', may + 60_000)).toBe(4);
  expect(parameterOf(rule, 'other', may)).toBeUndefined();
});

it('says precision as a percentage', () => expect(percent(0.666)).toBe('67%'));
