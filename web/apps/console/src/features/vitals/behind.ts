import type { Query } from '@yiwang/api/client.ts';
import type { Behind } from '@yiwang/api/types/vitals.ts';
import { searchOfQuery } from '../../parts/incident-filters.ts';

/** Filters of which a list takes one value at a time, and those of which it takes several. */
const TAKES = {
  cases: { one: ['item', 'area', 'open'], many: ['status', 'light', 'source'] },
  alarms: { one: ['rule', 'area'], many: [] },
  devices: { one: ['area'], many: ['profile'] },
} as const;

export type Listed = keyof typeof TAKES;

export const isListed = (kind: Behind['kind']): kind is Listed => kind in TAKES;

export interface BehindLists {
  /** One for each combination of what is asked for one at a time. */
  queries: Query[];
  /** Filters that the list does not know; it shows more than was counted. */
  ignored: string[];
}

/** Questions at most that are asked at once. */
const QUERIES_MAX = 12;

/** The lists that together hold what stands behind a number. */
export function listsOf({ kind, filter }: Behind): BehindLists {
  if (!isListed(kind)) return { queries: [], ignored: [] };
  const { one, many } = TAKES[kind];
  const isOne = (key: string) => (one as readonly string[]).includes(key);
  const isMany = (key: string) => (many as readonly string[]).includes(key);
  let queries: Query[] = [{}];
  for (const [key, values] of Object.entries(filter)) {
    if (isMany(key)) queries = queries.map((query) => ({ ...query, [key]: values }));
    else if (isOne(key))
      queries = values.flatMap((value) => queries.map((query) => ({ ...query, [key]: value })));
  }
  return {
    queries: queries.slice(0, QUERIES_MAX),
    ignored: Object.keys(filter).filter((key) => !isOne(key) && !isMany(key)),
  };
}

type Search = Record<string, string | undefined>;

/** The page that shows one of the lists. */
export function pageOfList(kind: Listed, query: Query): { to: string; search: Search } {
  const plain = (key: string) => (query[key] === undefined ? undefined : String(query[key]));
  if (kind === 'cases') return { to: '/incidents', search: searchOfQuery(query) };
  if (kind === 'alarms') return { to: '/alarms', search: { rule: plain('rule') } };
  return { to: '/devices', search: { profile: plain('profile'), area: plain('area') } };
}
