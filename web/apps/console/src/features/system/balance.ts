import type { Counter } from '@yiwang/api/types/admin.ts';

export interface Balance {
  source: string;
  received: number;
  stored: number;
  duplicate: number;
  refused: number;
  shed: number;
  /** What came in and is not accounted for; 0 when the books are right. */
  off: number;
}

const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0);

export function balanceOf(counter: Counter): Balance {
  const { source, received, stored, duplicate } = counter;
  const [refused, shed] = [sum(counter.refused), sum(counter.shed)];
  return {
    source,
    received,
    stored,
    duplicate,
    refused,
    shed,
    off: received - stored - duplicate - refused - shed,
  };
}

export function totalOf(rows: readonly Balance[]): Balance {
  const add = (key: Exclude<keyof Balance, 'source'>) => rows.reduce((total, row) => total + row[key], 0);
  return {
    source: '',
    received: add('received'),
    stored: add('stored'),
    duplicate: add('duplicate'),
    refused: add('refused'),
    shed: add('shed'),
    off: add('off'),
  };
}
