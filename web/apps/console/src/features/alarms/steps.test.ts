import { expect, it } from 'vitest';
import { latestStep, stepsOf } from './steps.ts';

const line = (at: string, what: string, condition?: string) => ({
  at,
  what,
  by: '',
  detail: condition ? { condition } : null,
});

it('explains the severity of now, not that of the beginning', () => {
  const alarm = {
    explanation: { condition: 'depth >= slight' },
    log: [
      line('2026-11-26T02:08:00Z', 'escalated', 'depth >= slow'),
      line('2026-11-26T01:57:00Z', 'raised', 'depth >= slight'),
      line('2026-11-26T02:09:00Z', 'acknowledged'),
    ],
  };
  expect(stepsOf(alarm).map((step) => step.condition)).toEqual(['depth >= slight', 'depth >= slow']);
  expect(latestStep(alarm).condition).toBe('depth >= slow');
  expect(latestStep({ ...alarm, log: [] }).condition).toBe('depth >= slight');
});
