import { expect, it } from 'vitest';
import { crossedIn } from './crossed.ts';

it('draws what the property itself is held against, and nothing in other units', () => {
  const picture = {
    thresholds: [
      { name: 'slow', value: 0.15 },
      { name: 'close', value: 0.25 },
      { name: 'fast', value: 3 },
    ],
    levels: [
      { severity: 'III' as const, when: 'depth >= slow' },
      { severity: 'II' as const, when: 'depth >= close || rate(depth, "10m") > fast' },
      { severity: 'IV' as const, when: 'missing 1h' },
    ],
  };
  expect(crossedIn(picture, 'depth')).toEqual([
    { name: 'slow', value: 0.15 },
    { name: 'close', value: 0.25 },
  ]);
  expect(crossedIn(picture, 'rain')).toEqual([]);
});
