import { expect, it } from 'vitest';
import { scaleOf } from './scale.ts';

const entry = {};

it('has a band for each grade above its limit', () => {
  const thresholds = {
    attention: { op: '>', value: 15 },
    warning: { op: '>', value: 30 },
    alarm: { op: '>', value: 60 },
  } as const;
  expect(scaleOf({ value: 22 }, { thresholds, entry })).toEqual({
    min: 0,
    max: 100,
    bands: [
      { to: 15, tone: 'normal' },
      { to: 30, tone: 'attention' },
      { to: 60, tone: 'warning' },
      { to: 100, tone: 'alarm' },
    ],
  });
});

it('reads limits below which it is bad, within the range of a share', () => {
  const thresholds = { attention: { op: '<', value: 95 }, alarm: { op: '<', value: 85 } } as const;
  const scale = scaleOf({ value: 97 }, { thresholds, entry: { range: { min: 0, max: 100 } } });
  expect(scale.bands).toEqual([
    { to: 85, tone: 'alarm' },
    { to: 95, tone: 'attention' },
    { to: 100, tone: 'normal' },
  ]);
});

it('draws no bands where limits are on the distance from what is usual', () => {
  const thresholds = { on: 'deviation', alarm: { op: 'outside', value: [-60, 60] } } as const;
  const scale = scaleOf(
    { value: 12 },
    { thresholds: { ...thresholds, alarm: { op: 'outside', value: [-60, 60] } }, entry },
  );
  expect(scale.bands).toEqual([]);
  expect(scale.max).toBeGreaterThanOrEqual(12);
});
