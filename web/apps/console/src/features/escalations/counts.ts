import type { TurnRow } from '@yiwang/api/types/escalation.ts';

export const LEVELS = ['red', 'orange', 'yellow'] as const;
export type Level = (typeof LEVELS)[number];

export const isLevel = (word: string | undefined): word is Level => LEVELS.some((level) => level === word);

/** Turns by clock and level. */
export interface TurnCounts {
  clocks: { kind: string; levels: Record<Level, number>; all: number }[];
  levels: Record<Level, number>;
  all: number;
}

const nothing = (): Record<Level, number> => ({ red: 0, orange: 0, yellow: 0 });

/** The clocks with most breaches first. */
export function countTurns(rows: readonly TurnRow[]): TurnCounts {
  const clocks = new Map<string, Record<Level, number>>();
  const levels = nothing();
  for (const row of rows) {
    if (!isLevel(row.light)) continue;
    const counts = clocks.get(row.kind) ?? nothing();
    counts[row.light] += 1;
    levels[row.light] += 1;
    clocks.set(row.kind, counts);
  }
  const sum = (counts: Record<Level, number>) => LEVELS.reduce((total, level) => total + counts[level], 0);
  return {
    clocks: [...clocks]
      .map(([kind, counts]) => ({ kind, levels: counts, all: sum(counts) }))
      .sort((a, b) => b.levels.red - a.levels.red || b.all - a.all || a.kind.localeCompare(b.kind)),
    levels,
    all: sum(levels),
  };
}
