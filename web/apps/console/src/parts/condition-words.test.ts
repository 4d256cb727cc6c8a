import { spanText } from '@yiwang/i18n/span-words.ts';
import { expect, it } from 'vitest';
import { conditionWords, thresholdsOf, valueIn } from './condition-words.ts';

const t = (key: string, values?: Record<string, unknown>) =>
  [key.split('.').at(-1), ...Object.values(values ?? {})].join(' ');
const readings = [
  { name: 'rate(level, 1h)', value: 0.48 },
  { name: 'very_quick', value: 0.2 },
  { name: 'attr.warn', value: 4.5 },
];
const words = (condition: string) =>
  conditionWords(condition, {
    t,
    property: (code) => ({ level: '水位', depth: '水深' })[code],
    parameter: valueIn(readings),
  });

it('says conditions in words and keeps what it does not know', () => {
  expect(words('rate(level, "1h") >= very_quick')).toBe('rate 水位 hours 1 ≥ very_quick (0.2)');
  expect(words('rate(level, 1h)')).toBe('rate 水位 hours 1');
  expect(words('depth >= close for 1m')).toBe('水深 ≥ closefor minutes 1');
  expect(words('level >= attr.warn && depth < 3.0')).toBe('水位 ≥ attr warn (4.5) and 水深 < 3.0');
  expect(words('missing(depth, 15m)')).toBe('水深 missing minutes 15');
  expect(words('missing 15m')).toBe('missing minutes 15');
  expect(spanText(t, '1h30m')).toBe('hours 1 minutes 30');
});

it('draws only thresholds in the units of the property', () => {
  expect(thresholdsOf('rate(level, "1h") >= very_quick', readings, 'level')).toEqual([]);
  expect(thresholdsOf('level >= attr.warn for 10m', readings, 'level')).toEqual([
    { name: 'attr.warn', value: 4.5 },
  ]);
  expect(thresholdsOf('avg(level, "15m") > 3.5 || level > very_quick', readings, 'level')).toEqual([
    { name: '3.5', value: 3.5 },
    { name: 'very_quick', value: 0.2 },
  ]);
  expect(thresholdsOf('other_level > 3', readings, 'level')).toEqual([]);
});
