/** How an indicator is computed, as packs say it; codes are those of the platform. */

export interface FormulaBound {
  op: '>' | '>=' | '<' | '<=';
  /** A number, or `attr.NAME`: each device's own. */
  value: number | string;
}

export type Aggregate = 'max' | 'min' | 'mean' | 'sum' | 'count' | 'share' | { percentile: number };

export interface LastFormula {
  profiles: string[];
  devices?: string[];
  property: string;
  aggregate: Aggregate;
  where?: FormulaBound;
  /** As packs write lengths of time: `1h30m`. */
  max_age?: string;
  scale?: number;
}

export interface WindowFormula extends Omit<LastFormula, 'max_age'> {
  window: string;
  per_device: 'sum' | 'mean' | 'max' | 'min' | 'delta';
  highest_within?: string;
}

export interface DevicesFormula {
  profiles?: string[];
  state: 'online' | 'offline' | 'silent';
  aggregate: 'count' | 'share';
}

export interface AlarmsFormula {
  rules?: string[];
  profiles?: string[];
  severity?: string;
  state: 'open' | 'unacknowledged' | 'acknowledged' | 'raised';
  age_over?: string;
  within?: string;
  per?: 'count' | 'rate';
}

export type CaseMeasure =
  | 'count'
  | 'callers'
  | { share: { numerator: string[]; denominator?: string[] } }
  | { mean_duration: { from: string; to: string } }
  | { surges: { z: number; weeks: number } }
  | { clusters: { members: number; radius_m: number } };

export interface CasesFormula {
  /** The beginnings of codes of items. */
  items?: string[];
  channels?: string[];
  state: string;
  /** `today`, `month`, `year`, or a length of time. */
  over?: string;
  measure: CaseMeasure;
}

export interface DerivedFormula {
  expr: string;
  /** Codes of indicators; the expression has them in small letters. */
  uses?: string[];
  facts?: Record<string, VitalFormula>;
}

/** One of these. */
export interface VitalFormula {
  last?: LastFormula;
  window?: WindowFormula;
  devices?: DevicesFormula;
  alarms?: AlarmsFormula;
  cases?: CasesFormula;
  feed?: { feed: string };
  feeds?: { state: 'fresh' | 'late'; aggregate: 'count' | 'share' };
  derived?: DerivedFormula;
  sql?: { sql: string };
}
