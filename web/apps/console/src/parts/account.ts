import type { Counts } from '@yiwang/api/types/sensing.ts';

export interface Account {
  received: number;
  stored: number;
  duplicate: number;
  refused: number;
  shed: number;
  late: number;
  waiting: number;
  /** What came in and is not accounted for; 0 when the books are right. */
  off: number;
}

const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0);

/** received = stored + duplicate + refused + shed + waiting, checked. */
export function accountOf(counts: Counts, waiting = 0): Account {
  const { received, stored, duplicate, late } = counts;
  const [refused, shed] = [sum(counts.refused), sum(counts.shed)];
  const off = received - stored - duplicate - refused - shed - waiting;
  return { received, stored, duplicate, refused, shed, late, waiting, off };
}

const KEYS = ['received', 'stored', 'duplicate', 'refused', 'shed', 'late', 'waiting', 'off'] as const;

export function totalAccount(accounts: readonly Account[]): Account {
  const total: Account = {
    received: 0,
    stored: 0,
    duplicate: 0,
    refused: 0,
    shed: 0,
    late: 0,
    waiting: 0,
    off: 0,
  };
  for (const account of accounts) for (const key of KEYS) total[key] += account[key];
  return total;
}
