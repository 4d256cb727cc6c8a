import { expect, it } from 'vitest';
import { differences } from './versions.ts';

it('names what was changed, added and taken away by its place', () => {
  const before = {
    name: { zh: '降雨', en: 'Rain' },
    thresholds: [{ alarm: { op: '>=', value: 50 }, attention: { op: 'outside', value: [1, 2] } }],
    veto: true,
  };
  const after = {
    name: { zh: '降雨', en: 'Rain' },
    thresholds: [{ alarm: { op: '>=', value: 60 }, attention: { op: 'outside', value: [1, 3] } }],
    weight: 2,
  };
  expect(differences(before, after)).toEqual([
    { path: 'thresholds.0.alarm.value', before: '50', after: '60' },
    { path: 'thresholds.0.attention.value', before: '[1,2]', after: '[1,3]' },
    { path: 'veto', before: 'true', after: undefined },
    { path: 'weight', before: undefined, after: '2' },
  ]);
  expect(differences(after, after)).toEqual([]);
});
