import type { AlarmRule, Reading, Severity } from './alerting.ts';

/** A rule's entry as somebody types it: right or not yet. */
export type RuleEntryText = Record<string, unknown>;

export type RuleDraftState = 'open' | 'published' | 'discarded';

export interface RuleDraft {
  id: string;
  /** The rule's id as far as it is written. */
  code: string;
  state: RuleDraftState;
  based_on?: number | null;
  published?: number | null;
  created_at: string;
  created_by: string;
  updated_at: string;
  updated_by: string;
  version: number;
}

export interface FindingPlace {
  line: number;
  column: number;
  length: number;
}

/** One thing that is found about a rule as written. */
export interface RuleFinding {
  weight: 'warning' | 'error';
  /** Where in the entry. */
  pointer: string;
  /** Where in the text that stands there. */
  place?: FindingPlace | null;
  code: string;
  message: string;
  hint?: string | null;
}

export interface RuleExamined {
  findings: RuleFinding[];
  is_right: boolean;
}

export interface RuleDraftDetail extends RuleDraft, RuleExamined {
  entry: RuleEntryText;
  /** The rule has changed since the draft began. */
  is_outdated: boolean;
}

export interface CreateRuleDraft {
  from?: string | undefined;
  version?: number | undefined;
  entry?: RuleEntryText | undefined;
}

export interface PublishRuleDraft {
  valid_from?: string | undefined;
  note: string;
}

export interface BacktestLabel {
  device: string;
  from: string;
  to: string;
  event?: string | undefined;
}

export interface NearCases {
  item: string;
  metres?: number | undefined;
  before_minutes?: number | undefined;
  after_minutes?: number | undefined;
}

export interface BacktestRequest {
  entry?: RuleEntryText | undefined;
  rule?: string | undefined;
  version?: number | undefined;
  devices: string[];
  from: string;
  to: string;
  compare?: { labels: BacktestLabel[] } | { cases: NearCases } | undefined;
}

export interface BacktestEpisode {
  /** The device's code; the group's where the rule needs agreement. */
  device: string;
  began_at: string;
  raised_at: string;
  cleared_at?: string | null;
  severity: Severity;
  condition: string;
  readings: Reading[];
}

export interface BacktestDevice {
  device: string;
  alarms: number;
  open_seconds: number;
}

export interface BacktestSamples {
  received: number;
  unread: number;
  late: number;
  too_late: number;
  forgotten: number;
}

export interface BacktestCase {
  case: { id: string; number: string };
  title: string;
  at: string;
  devices: string[];
  is_found: boolean;
}

export interface BacktestScore {
  alarms: number;
  right: number;
  known: number;
  found: number;
  precision?: number | null;
  recall?: number | null;
  f1?: number | null;
  lead_seconds?: number | null;
  false_per_day: number;
  cases: BacktestCase[];
}

export interface BacktestLeftOut {
  what: string;
  number?: number | null;
  limit?: number | null;
}

export interface BacktestAnswer {
  rule: string;
  findings: RuleFinding[];
  from: string;
  to: string;
  devices: number;
  points: number;
  alarms: number;
  episodes: BacktestEpisode[];
  per_device: BacktestDevice[];
  samples: BacktestSamples;
  score?: BacktestScore | null;
  left_out: BacktestLeftOut[];
  took_ms: number;
}

/** All versions of a rule, the newest first. */
export type RuleVersions = AlarmRule[];
