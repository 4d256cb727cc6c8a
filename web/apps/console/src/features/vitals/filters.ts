import { type Indicator, STANDINGS, type Standing } from '@yiwang/api/types/vitals.ts';
import { initialsFit } from '../../parts/pinyin.ts';

type Search = Record<string, string | undefined>;

export const SORTS = ['state', 'code', 'value', 'since', 'age', 'score', 'owner'] as const;
export type Sort = (typeof SORTS)[number];

export interface IndicatorFilter {
  domains: string[];
  states: Standing[];
  owner: string | undefined;
  verified: boolean | undefined;
  q: string;
  sort: Sort;
  isDescending: boolean;
}

const listOf = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? [];

/** What the address asks for; the worst first where it says nothing. */
export function filterOf(search: Search): IndicatorFilter {
  const asked = search.sort?.replace(/^-/, '');
  const states = listOf(search.state);
  return {
    domains: listOf(search.domain),
    states: STANDINGS.filter((state) => states.includes(state)),
    owner: search.owner,
    verified: search.verified === 'yes' ? true : search.verified === 'no' ? false : undefined,
    q: search.q?.trim() ?? '',
    sort: SORTS.find((sort) => sort === asked) ?? 'state',
    isDescending: search.sort?.startsWith('-') ?? false,
  };
}

/** The address for a press on a column's head: once up, once down, then as usual. */
export function nextSort(search: Search, sort: Sort): string | undefined {
  if (search.sort === sort) return `-${sort}`;
  return search.sort === `-${sort}` ? undefined : sort;
}

function finds({ code, name, owner }: Indicator, ownerName: string, q: string): boolean {
  const typed = q.toLowerCase();
  const words = [code, name.zh, name.en ?? '', owner, ownerName].join(' ').toLowerCase();
  return words.includes(typed) || initialsFit(name.zh, typed);
}

const STATE_ORDER = new Map(STANDINGS.map((state, at) => [state, at]));
const timeOf = (at: string | null | undefined) => (at ? Date.parse(at) : undefined);

type Key = number | string | undefined;

const KEYS: Record<Sort, (row: Indicator, ownerName: string) => Key> = {
  state: (row) => STATE_ORDER.get(row.state),
  code: (row) => row.code,
  value: (row) => row.value ?? undefined,
  since: (row) => timeOf(row.since),
  age: (row) => row.age_seconds ?? undefined,
  score: (row) => row.score ?? undefined,
  owner: (_, ownerName) => ownerName,
};

/** What has nothing to be sorted by comes last, whichever way. */
function compared(one: Key, other: Key, isDescending: boolean): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  const order = typeof one === 'string' ? one.localeCompare(String(other), 'zh') : one - Number(other);
  return isDescending ? -order : order;
}

/** Rows that fit, in order; of the same state those that began last come first. */
export function chosen(
  rows: readonly Indicator[],
  filter: IndicatorFilter,
  ownerName: (code: string) => string,
): Indicator[] {
  const { domains, states, owner, verified, q, sort, isDescending } = filter;
  const fits = (row: Indicator) =>
    (domains.length === 0 || domains.includes(row.domain)) &&
    (states.length === 0 || states.includes(row.state)) &&
    (!owner || row.owner === owner) &&
    (verified === undefined || row.verified === verified) &&
    (!q || finds(row, ownerName(row.owner), q));
  const key = (row: Indicator) => KEYS[sort](row, ownerName(row.owner));
  return rows
    .filter(fits)
    .sort(
      (one, other) =>
        compared(key(one), key(other), isDescending) ||
        compared(timeOf(one.since), timeOf(other.since), true) ||
        one.code.localeCompare(other.code),
    );
}

/** What is breached, the worst first. */
export const breachedOf = (rows: readonly Indicator[]): Indicator[] =>
  chosen(rows, filterOf({ state: 'alarm,warning,attention' }), (code) => code);
