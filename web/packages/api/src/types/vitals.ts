import type { Text } from './shared.ts';
import type { VitalFormula } from './vital-formula.ts';

/** How an indicator stands, the worst first. */
export const STANDINGS = [
  'alarm',
  'warning',
  'attention',
  'normal',
  'stale',
  'ungraded',
  'nothing',
  'waiting',
] as const;
export type Standing = (typeof STANDINGS)[number];

export type VitalGrade = 'normal' | 'attention' | 'warning' | 'alarm';
export type IndexLamp = 'green' | 'yellow' | 'orange' | 'red';
export type Direction = 'lower_is_better' | 'higher_is_better' | 'band' | 'info';
export type Measured = 'value' | 'gap' | 'deviation' | 'z';

/** What takes points away. */
export interface VitalReason {
  code: string;
  name: Text;
  domain: string;
  loss: number;
  score?: number | null;
  value?: number | null;
  unit: string;
}

export type VitalCounts = Record<Standing, number>;

export interface VitalDomain {
  code: string;
  name: Text;
  /** In the index; a domain without one does not count. */
  weight: number;
  score?: number | null;
  lamp?: IndexLamp | null;
  /** The part of its weight that is interrupted. */
  grey_share: number;
  reasons: VitalReason[];
  counts: VitalCounts;
}

export interface VitalsOverview {
  area: string;
  name: string;
  /** Absent while too much is interrupted. */
  score?: number | null;
  lamp?: IndexLamp | null;
  grey_share: number;
  reasons: VitalReason[];
  domains: VitalDomain[];
  counts: VitalCounts;
  response_floor?: IndexLamp | null;
  weights_from: string;
  weights_verified: boolean;
  computed_at?: string | null;
}

export interface Indicator {
  code: string;
  name: Text;
  domain: string;
  unit: string;
  /** Decimals that are shown. */
  precision: number;
  direction: Direction;
  /** Code of the unit that answers for it. */
  owner: string;
  source: Text;
  state: Standing;
  value?: number | null;
  score?: number | null;
  at?: string | null;
  age_seconds?: number | null;
  since?: string | null;
  usual?: number | null;
  /** The last value of each of the last 24 hours, the oldest first. */
  trend: (number | null)[];
  version: number;
  verified: boolean;
  waiting_reason?: Text | null;
}

/** A limit as a pack has it. */
export interface VitalLimit {
  op: '>' | '>=' | '<' | '<=' | 'outside';
  value: number | [number, number];
}

export interface VitalLimits {
  valid_from?: string;
  on?: Measured;
  attention?: VitalLimit;
  warning?: VitalLimit;
  alarm?: VitalLimit;
  for?: string;
  source?: Text | string;
  verified?: boolean;
}

export type VitalFollow = 'notify' | 'order' | 'proposal';

/** What is read of an entry; it holds more, which is shown as it stands when versions are compared. */
export interface IndicatorEntry extends Record<string, unknown> {
  formula?: VitalFormula;
  refresh?: string;
  lag_allowed?: string;
  grain?: { time: string; space: string };
  caveat?: Text;
  privacy?: Text;
  standard?: string;
  veto?: boolean;
  weight?: number;
  on_breach?: Partial<Record<'attention' | 'warning' | 'alarm', VitalFollow>>;
}

export interface IndicatorVersion {
  version: number;
  pack: string;
  valid_from: string;
  by: string;
  entry: IndicatorEntry;
}

/** How the question of an indicator by SQL stands. */
export interface VitalQuestion {
  asked_at: string;
  answered_at?: string | null;
  /** Since the program started. */
  asked: number;
  failed: number;
  fault?: { code: string; message: Text } | null;
}

export interface IndicatorDetail extends Indicator {
  area: string;
  entry: IndicatorEntry;
  formula_words?: Text | null;
  thresholds?: VitalLimits | null;
  /** What the limits are compared with. */
  measured?: Measured | null;
  /** Of an indicator by SQL that was asked. */
  question?: VitalQuestion | null;
  owner_name?: Text | null;
  versions: IndicatorVersion[];
}

export interface VitalPoint {
  at: string;
  value: number;
  grade?: VitalGrade | null;
  score?: number | null;
  version: number;
  usual?: number | null;
  /** The standard deviation around what is usual. */
  spread?: number | null;
}

export interface VitalForecast {
  at: string;
  p10: number;
  p50: number;
  p90: number;
}

export type VitalStep = 'five_minutes' | 'hour' | 'day';

export interface VitalSeries {
  indicator: string;
  area: string;
  step: VitalStep;
  points: VitalPoint[];
  /** The next 24 hours; empty where nothing can be said. */
  forecast: VitalForecast[];
}

export interface VitalRank {
  /** From 1, the best; absent where there is no score. */
  place?: number | null;
  area: string;
  name: string;
  state: Standing;
  value?: number | null;
  score?: number | null;
  at?: string | null;
}

export interface Behind {
  kind: 'cases' | 'devices' | 'alarms' | 'feed' | 'indicators' | 'nothing';
  area: string;
  path?: string | null;
  /** Each with one or more values: a list is asked for each of them. */
  filter: Record<string, string[]>;
  codes: string[];
}

export interface VitalNotice {
  id: string;
  indicator: string;
  name: string;
  area: string;
  grade: VitalGrade;
  action: VitalFollow;
  value: number;
  owner: string;
  began_at: string;
  at: string;
  is_open: boolean;
  case?: { id: string; number: string } | null;
  acknowledged_at?: string | null;
  acknowledged_by?: string | null;
  note?: string | null;
  version: number;
}

export const WARNING_OUTCOMES = ['pending', 'right', 'false'] as const;
export type WarningOutcome = (typeof WARNING_OUTCOMES)[number];

/** A grade that is about to begin, foretold; and what became of it. */
export interface EarlyWarning {
  id: string;
  indicator: string;
  name: Text;
  unit: string;
  area: string;
  grade: VitalGrade;
  /** When it was given. */
  at: string;
  /** What the indicator was then. */
  value: number;
  limit: number;
  /** When it is more likely past the limit than not. */
  expected_at: string;
  /** When it is past the limit with a chance of one in ten. */
  earliest_at?: string | null;
  outcome: WarningOutcome;
}

/** What became of the warnings of an indicator, and of its breaches. */
export interface EarlyScore {
  right: number;
  false_alarms: number;
  pending: number;
  /** Breaches that were warned of, and those that were not. */
  found: number;
  missed: number;
  /** Of 1; absent where nothing is decided. */
  false_alarm_rate?: number | null;
  recall?: number | null;
  /** Half of the breaches that were found were warned of at least so long before. */
  lead_minutes?: number | null;
}

export interface EarlyTrust {
  indicator: string;
  name: Text;
  /** Really given, of 90 days. */
  given: EarlyScore;
  /** That would have been given in the last two weeks; absent while too little is known. */
  tried?: EarlyScore | null;
  tried_at?: string | null;
}

export const FEED_STATES = ['fresh', 'late', 'never'] as const;
export type FeedState = (typeof FEED_STATES)[number];

export interface Feed {
  feed: string;
  indicators: string[];
  name: Text;
  unit: string;
  owner: string;
  state: FeedState;
  last_at?: string | null;
  last_value?: number | null;
  age_seconds?: number | null;
  lag_allowed_seconds: number;
  /** Areas of which values came. */
  areas: number;
  stored: number;
  duplicate: number;
  refused: number;
  last_refusal?: string | null;
}

export interface Recomputed {
  indicator: string;
  from: string;
  until: string;
  values: number;
  versions: number[];
}

export const REPORT_PERIODS = ['daily', 'weekly'] as const;
export type ReportPeriod = (typeof REPORT_PERIODS)[number];

/** The index or a domain at the end of a stretch, and against the one before. */
export interface ReportScore {
  /** `index`, or `index.A`. */
  code: string;
  name: Text;
  score?: number | null;
  lamp?: IndexLamp | null;
  before?: number | null;
  change?: number | null;
  lowest?: number | null;
  highest?: number | null;
}

export interface ReportArea {
  area: string;
  name: string;
  score?: number | null;
  lamp?: IndexLamp | null;
  before?: number | null;
  change?: number | null;
}

export interface ReportBreach {
  code: string;
  name: Text;
  grade: VitalGrade;
  value: number;
  unit: string;
  from: string;
  /** Absent while it lasts. */
  until?: string | null;
  minutes: number;
}

export interface ReportChange {
  code: string;
  name: Text;
  unit: string;
  precision: number;
  value: number;
  before: number;
  change: number;
  score?: number | null;
  score_change?: number | null;
}

export interface ReportNotice {
  code: string;
  name: Text;
  area: string;
  area_name: string;
  grade: VitalGrade;
  action: VitalFollow;
  value: number;
  at: string;
  case?: { id: string; number: string } | null;
  is_acknowledged: boolean;
}

interface ReportCount {
  code: string;
  value: number;
}

export interface VitalReport {
  period: ReportPeriod;
  area: string;
  name: string;
  first_day: string;
  last_day: string;
  until: string;
  /** False while the stretch lasts. */
  is_complete: boolean;
  index: ReportScore;
  domains: ReportScore[];
  areas: ReportArea[];
  reasons: VitalReason[];
  breaches: ReportBreach[];
  cases: Record<'opened' | 'closed' | 'open' | 'overdue', ReportCount>;
  alarms: { raised: ReportCount; by_severity: number[]; rules: { rule: string; count: number }[] };
  changes: ReportChange[];
  stale: {
    feed: string;
    codes: string[];
    name: Text;
    owner: string;
    last_at?: string | null;
    age_minutes?: number | null;
  }[];
  notices: ReportNotice[];
}
