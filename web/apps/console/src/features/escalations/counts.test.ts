import type { TurnRow } from '@yiwang/api/types/escalation.ts';
import { expect, it } from 'vitest';
import { countTurns } from './counts.ts';

const turn = (kind: string, light: string) => ({ kind, light }) as TurnRow;

it('counts turns by clock and level, the clock with most breaches first', () => {
  const counts = countTurns([
    turn('sign', 'yellow'),
    turn('sign', 'orange'),
    turn('handle', 'red'),
    turn('sign', 'yellow'),
  ]);
  expect(counts.all).toBe(4);
  expect(counts.levels).toEqual({ red: 1, orange: 1, yellow: 2 });
  expect(counts.clocks.map(({ kind, all }) => [kind, all])).toEqual([
    ['handle', 1],
    ['sign', 3],
  ]);
});
