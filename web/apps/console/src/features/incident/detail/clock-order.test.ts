import type { ClockView } from '@yiwang/api/types/incident.ts';
import { expect, it } from 'vitest';
import { inOrder, partUsed } from './clock-order.ts';

const clock = (kind: ClockView['kind'], more: Partial<ClockView> = {}): ClockView => ({
  kind,
  started_at: '2026-11-23T00:00:00Z',
  state: 'running',
  light: 'green',
  limit: '1wd',
  escalated: [],
  explanation: { zh: '' },
  ...more,
});

it('puts what runs out next on top and what is over at the end', () => {
  const clocks = [
    clock('accept', { state: 'met', stopped_at: '2026-11-23T00:10:00Z' }),
    clock('total', { due_at: '2026-11-30T00:00:00Z' }),
    clock('dispatch', { state: 'met', stopped_at: '2026-11-23T00:20:00Z' }),
    clock('handle', { due_at: '2026-11-24T00:00:00Z' }),
    clock('contact', { state: 'suspended' }),
  ];
  expect(inOrder(clocks).map((one) => one.kind)).toEqual([
    'handle',
    'total',
    'contact',
    'dispatch',
    'accept',
  ]);
});

it('knows how much is used', () => {
  const one = clock('handle', { due_at: '2026-11-23T04:00:00Z' });
  expect(partUsed(one, Date.parse('2026-11-23T01:00:00Z'))).toBe(0.25);
  expect(partUsed(one, Date.parse('2026-11-24T01:00:00Z'))).toBe(1);
  expect(partUsed(clock('handle'), 0)).toBe(0);
  expect(partUsed({ ...one, stopped_at: '2026-11-23T02:00:00Z' }, Date.parse('2026-12-01T00:00:00Z'))).toBe(
    0.5,
  );
});
