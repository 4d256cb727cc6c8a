import type { EarlyScore, EarlyTrust } from '@yiwang/api/types/vitals.ts';

export const BASES = ['tried', 'given'] as const;
export type Basis = (typeof BASES)[number];

/** Of fewer warnings a share may be thirty points off either way: it is shown, and called what it is. */
export const FEW = 10;

/** What a share of false alarms rests on: warnings that are decided. */
export const decidedOf = ({ right, false_alarms }: EarlyScore): number => right + false_alarms;
/** What a share of missed ones rests on. */
export const breachesOf = ({ found, missed }: EarlyScore): number => found + missed;
export const isFew = (score: EarlyScore): boolean => decidedOf(score) < FEW;

/** What a figure rests on is another number for each. */
export const restsOnFew = (score: EarlyScore, sort: TrustSort): boolean => {
  if (sort === 'missed') return breachesOf(score) < FEW;
  return (sort === 'lead' ? score.found : decidedOf(score)) < FEW;
};

export const missedShare = ({ recall }: EarlyScore): number | undefined =>
  typeof recall === 'number' ? 1 - recall : undefined;

/** The record to go by: what was really given, else what was tried; the richer one where both are too few. */
export function recordOf(trust: EarlyTrust | undefined): { basis: Basis; score: EarlyScore } | undefined {
  if (!trust) return undefined;
  const { given, tried } = trust;
  const isTried = tried && isFew(given) && decidedOf(tried) >= decidedOf(given);
  const record = isTried
    ? { basis: 'tried' as const, score: tried }
    : { basis: 'given' as const, score: given };
  return decidedOf(record.score) > 0 ? record : undefined;
}

export const TRUST_SORTS = ['code', 'lead', 'false', 'missed', 'cases'] as const;
export type TrustSort = (typeof TRUST_SORTS)[number];

/** Where nothing is asked: what there is most to go by comes first. */
export const USUAL_SORT = '-cases';

type Key = string | number | undefined;

const KEYS: Record<Exclude<TrustSort, 'code'>, (score: EarlyScore) => Key> = {
  lead: (score) => score.lead_minutes ?? undefined,
  false: (score) => score.false_alarm_rate ?? undefined,
  missed: missedShare,
  cases: decidedOf,
};

/** 0 can be compared, 1 rests on too few, 2 says nothing. */
function weightOf(score: EarlyScore | null | undefined, sort: TrustSort): number {
  if (sort === 'code') return 0;
  if (!score || KEYS[sort](score) === undefined) return 2;
  return sort !== 'cases' && restsOnFew(score, sort) ? 1 : 0;
}

/** In order; a share of too few comes after those of enough, whichever way: none of two is no better than one of fifty. */
export function sorted(rows: readonly EarlyTrust[], basis: Basis, asked: string = USUAL_SORT): EarlyTrust[] {
  const name = asked.replace(/^-/, '');
  const sort = TRUST_SORTS.find((one) => one === name) ?? 'code';
  const way = asked.startsWith('-') ? -1 : 1;
  const keyOf = (row: EarlyTrust): Key => {
    const score = row[basis];
    return sort === 'code' || !score ? undefined : KEYS[sort](score);
  };
  const compare = (one: EarlyTrust, other: EarlyTrust) => {
    const weight = weightOf(one[basis], sort) - weightOf(other[basis], sort);
    if (weight !== 0) return weight;
    const [a, b] = [keyOf(one), keyOf(other)];
    const order = a === undefined || b === undefined ? 0 : Number(a) - Number(b);
    const isCode = sort === 'code';
    const byCode = one.indicator.localeCompare(other.indicator);
    return order * way || (isCode ? byCode * way : byCode);
  };
  return [...rows].sort(compare);
}

/** Once up, once down, then as usual. */
export function nextTrustSort(asked: string, sort: TrustSort): string | undefined {
  if (asked === sort) return `-${sort}`;
  return asked === `-${sort}` ? undefined : sort;
}
