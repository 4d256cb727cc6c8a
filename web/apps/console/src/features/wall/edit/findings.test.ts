import { expect, it } from 'vitest';
import { fieldMessage, findingsOfWidget, spotOf } from './findings.ts';

it('finds the place of a pointer', () => {
  expect(spotOf('/widgets/3/options/indicators')).toEqual({ kind: 'widget', index: 3, field: 'indicators' });
  expect(spotOf('/widgets/0/kind')).toEqual({ kind: 'widget', index: 0, field: 'kind' });
  expect(spotOf('/layouts/16:9/areas/1')).toEqual({ kind: 'layout', key: '16:9' });
  expect(spotOf('/refresh_seconds')).toEqual({ kind: 'screen', field: 'refresh_seconds' });
  expect(spotOf('')).toEqual({ kind: 'screen', field: undefined });
});

it('lays findings at their fields', () => {
  const findings = [
    { pointer: '/widgets/1/options/hours', code: 'x', message: 'too long' },
    { pointer: '/widgets/2/kind', code: 'x', message: 'unknown' },
  ];
  expect(findingsOfWidget(findings, 1)).toHaveLength(1);
  expect(fieldMessage(findingsOfWidget(findings, 1), 'hours')).toBe('too long');
  expect(fieldMessage(findingsOfWidget(findings, 1), 'area')).toBeUndefined();
});
