import type { Series } from '@yiwang/api/types/sensing.ts';
import { expect, it } from 'vitest';
import { joined, tailOf } from './live-series.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const series = (property: string, points: [number, number][], step: Series['step'] = null): Series => ({
  property,
  name: { zh: property, en: property },
  step,
  is_cut: false,
  points: points.map(([t, v]) => ({ t, v })),
});

it('reads from the last that was seen on', () => {
  const read = [
    series('a', [
      [0, 1],
      [600 * MINUTE, 2],
    ]),
    series('b', [[590 * MINUTE, 1]]),
  ];
  expect(tailOf(read, 2_000, 601 * MINUTE)).toEqual({ from: 588 * MINUTE, points: 2_000 });
  const fellSilent = [series('a', [[600 * MINUTE, 2]]), series('b', [[10 * MINUTE, 1]])];
  expect(tailOf(fellSilent, 2_000, 601 * MINUTE)?.from).toBe(538 * MINUTE);
  expect(tailOf([series('a', [])], 2_000, 0)).toBeUndefined();
});

it('reads means in the stretch that they were read in', () => {
  const read = [series('a', [[0, 1]], 'hour')];
  expect(tailOf(read, 2_000, 100 * HOUR)).toEqual({ from: 88 * HOUR, points: 12 });
});

it('puts new values at the end, and late ones where they belong', () => {
  const read = [
    series('a', [
      [0, 1],
      [1_000, 2],
      [3_000, 4],
    ]),
  ];
  const tail = [
    series('a', [
      [1_000, 2],
      [2_000, 3],
      [3_000, 4],
      [4_000, 5],
    ]),
  ];
  expect(joined(read, tail, 500)[0]?.points.map(({ v }) => v)).toEqual([2, 3, 4, 5]);
});

it('leaves a chart as it is when nothing came', () => {
  const read = [
    series('a', [
      [1_000, 1],
      [2_000, 2],
    ]),
  ];
  expect(joined(read, [series('a', [[2_000, 2]])], 0)[0]).toBe(read[0]);
  expect(joined(read, [series('a', [])], 0)[0]).toBe(read[0]);
  expect(joined(read, [series('b', [[3_000, 1]])], 0)[0]).toBe(read[0]);
});

it('takes over whole stretches only, and never mixes them with single values', () => {
  const read = [
    series(
      'a',
      [
        [0, 1],
        [HOUR, 2],
        [2 * HOUR, 3],
      ],
      'hour',
    ),
  ];
  const tail = [
    series(
      'a',
      [
        [HOUR, 99],
        [2 * HOUR, 3.5],
        [3 * HOUR, 4],
      ],
      'hour',
    ),
  ];
  expect(joined(read, tail, 0)[0]?.points.map(({ v }) => v)).toEqual([1, 2, 3.5, 4]);
  expect(joined(read, [series('a', [[HOUR, 9]])], 0)[0]).toBe(read[0]);
});
