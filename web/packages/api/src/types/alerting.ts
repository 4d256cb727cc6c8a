import type { Position, Text } from './shared.ts';

/** I is the worst. */
export const SEVERITIES = ['I', 'II', 'III', 'IV'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Verdict = 'true' | 'false';

export interface Reading {
  name: string;
  value?: number | null;
}

/** The condition and the values that raised it, as the judge wrote them down. */
export interface Explanation {
  rule?: string;
  version?: number;
  condition?: string;
  readings?: Reading[];
  at?: string;
}

export type AlarmKind = 'single' | 'storm' | 'agreement' | 'vote';

export type SuppressedBy = 'maintenance' | 'parent' | 'device';

export interface Alarm {
  id: string;
  rule: string;
  rule_version: number;
  rule_name: string;
  device: string;
  device_id: string;
  device_name: string;
  profile: string;
  org_name?: Text | null;
  area?: string | null;
  area_name?: string | null;
  position?: Position | null;
  place?: string | null;
  severity: Severity;
  worst: Severity;
  is_open: boolean;
  opened_at: string;
  began_at: string;
  decided_at: string;
  is_late: boolean;
  ended_at?: string | null;
  ended_by?: string | null;
  acknowledged_at?: string | null;
  acknowledged_by?: string | null;
  shelved_until?: string | null;
  shelved_by?: string | null;
  verdict?: Verdict | null;
  case?: { id: string; number: string } | null;
  is_case_open: boolean;
  explanation: Explanation;
  kind: AlarmKind;
  /** The storm or agreement that it is a member of. */
  group_id?: string | null;
  members: number;
  members_open: number;
  is_chattering: boolean;
  suppressed_by?: SuppressedBy | null;
  /** The maintenance window or the alarm that keeps it quiet. */
  suppressed_ref?: string | null;
  /** How many times somebody was told because nobody took note. */
  unattended: number;
  version: number;
}

export interface AlarmLogLine {
  at: string;
  what: string;
  /** Empty for the platform itself. */
  by: string;
  detail?: Record<string, unknown> | null;
}

/** What is drawn of an alarm. */
export interface AlarmPicture {
  device_id: string;
  from: string;
  to: string;
  series: { property: string; name: Text; unit?: string | null }[];
  thresholds: { name: string; value: number }[];
  levels: { severity: Severity; when: string }[];
}

export interface AlarmDetail extends Alarm {
  log: AlarmLogLine[];
  /** Nothing where it is of many devices. */
  picture?: AlarmPicture | null;
}

export interface AlarmNumbers {
  open: number;
  /** From I to IV. */
  by_severity: number[];
  /** Of all that are open, those that are kept quiet, shelved, and not acknowledged yet. */
  suppressed: number;
  shelved: number;
  unacknowledged: number;
}

export interface RuleLevel {
  severity: Severity;
  when?: string | null;
  missing?: string | null;
  for?: string | null;
}

export interface RuleUntil {
  when?: string | null;
  below?: number | string | null;
  above?: number | string | null;
  by?: number | string | null;
  of?: string | null;
  for?: string | null;
}

export interface DatedNumber {
  from?: string | null;
  to?: string | null;
  value: number;
}

export interface RuleHours {
  days?: string | { weekdays: string[] };
  from: string;
  to: string;
}

export interface Rule {
  id: string;
  name: Text;
  version?: number;
  uses: string[];
  levels: RuleLevel[];
  clear?: RuleUntil | null;
  count?: { times: number; within: string } | null;
  schedule?: { hours: RuleHours[] } | null;
  accepts?: 'believed' | 'any';
  agreement?: { members: number; within: string } | null;
  suppress_after?: string | null;
  params?: Record<string, number | DatedNumber[]> | null;
}

export type RuleOrigin = 'pack' | 'local';

export interface AlarmRule {
  profile: string;
  rule: Rule;
  scope?: { areas?: string[]; groups?: string[]; devices?: string[] };
  case?: { item: string; from: Severity; grades?: Record<string, string> } | null;
  source?: Text | string | null;
  /** Absent is checked. */
  verified?: boolean;
  grouping?: { members: number; within: string; quiet: string; area?: string; name?: Text | null } | null;
  explained_by?: string[];
  chatter?: { raises: number; within: string } | null;
  unattended?: { after: string; to: string }[] | null;
  pack: string;
  origin: RuleOrigin;
  /** Is it what is judged by now? */
  is_current: boolean;
  /** Of a local version: that of the pack which it goes before. */
  overrides?: number | null;
  /** Of a pack's version: the local one that goes before it. */
  overridden_by?: number | null;
  valid_from: string;
  published_at: string;
  published_by: string;
  note?: string | null;
  withdrawn_at?: string | null;
  withdrawn_by?: string | null;
  alarms: number;
  found_true: number;
  found_false: number;
  precision?: number | null;
}
