import { expect, it } from 'vitest';
import { findingAt, findingsOfWidget, spotOf, wordOf } from './findings.ts';

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
  expect(findingAt(findingsOfWidget(findings, 1), 'hours')?.message).toBe('too long');
  expect(findingAt(findingsOfWidget(findings, 1), 'area')).toBeUndefined();
});

it('an option that is missing is found at its field, though no pointer leads there', () => {
  const code = 'screens.malformed';
  const missing = { pointer: '/widgets/0/options', code, message: 'missing field `indicators`' };
  const unread = { pointer: '/widgets/0/options', code, message: 'unknown field `x`, expected `of`' };
  expect(findingAt([missing], 'indicators')).toBe(missing);
  expect(findingAt([unread], 'x')).toBeUndefined();
  expect([missing, unread].map(wordOf)).toEqual(['missing', 'malformed']);
});
