import type { CheckLine } from './incident.ts';
import type { Grade, OrgBrief, Position, Text } from './shared.ts';

export interface ItemView {
  code: string;
  name: Text;
  level: number;
  parent?: string | null;
  /** Can it be chosen for a case? */
  leaf: boolean;
  grade: Grade;
  secrecy: number;
  self_handling: boolean;
  verified: boolean;
  version: number;
  aliases: string[];
  keywords: string[];
  /** The name in pinyin, a space between syllables, once for each way in which it is read. */
  pinyin: string[];
}

export interface LimitView {
  step: string;
  limit: string;
  words: Text;
  calendar: string;
  /** Only for clocks that start from this time of day, until that one. */
  from?: string | null;
  until?: string | null;
  stage?: Text | null;
  /** Starts when the stage before it is done. */
  follows: boolean;
  yellow: number;
  orange: number;
  row: string;
  verified: boolean;
  source?: Text | null;
}

export interface ItemDetail extends ItemView {
  policy: ItemPolicy;
  limits: LimitView[];
  versions: { version: number; valid_from: string; valid_to?: string | null; name: Text }[];
  definition?: Text | null;
  basis?: Text | null;
  source?: Text | null;
  negative_keywords: string[];
  crosswalk: Record<string, string>;
}

export interface ItemPolicy {
  code: string;
  version: number;
  name: Text;
  path: Text[];
  grade: Grade;
  secrecy: number;
  self_handling: boolean;
  register_checks: CheckLine[];
  refuse_checks: CheckLine[];
  close_checks: CheckLine[];
  evidence: string[];
  merge_window_hours: number;
  merge_radius_m: number;
  verified: boolean;
}

export interface ItemSuggestion {
  code: string;
  name: Text;
  path: Text[];
  score: number;
  matched: string[];
}

export interface GradeView {
  grade: Grade;
  name: Text;
  colour: string;
  meaning?: Text | null;
}

export interface AreaBrief {
  code: string;
  name: string;
  parent?: string | null;
  level: number;
  label: Position;
}

export interface Responsibility {
  lead?: OrgBrief | null;
  assistants: OrgBrief[];
  supervisor?: OrgBrief | null;
  fallback?: OrgBrief | null;
  list_version: number;
  reasons: Text[];
  by_fallback: boolean;
}

/** Where a position lies; no area outside the city. */
export interface Located {
  position: Position;
  area?: AreaBrief | null;
  path: AreaBrief[];
}

/** One row of the responsibility list; units are codes or `@town`, `@village`, `@grid`; `*` is everything. */
export interface ResponsibilityRule {
  id: string;
  items: string[];
  areas: string[];
  lead: string;
  assistants?: string[];
  supervisor?: string | null;
  basis: Text;
  valid_from?: string | null;
  valid_to?: string | null;
  fallback?: boolean;
}

/** Pairs of item and grid with the same fault, told of together. */
export interface ResponsibilityFault {
  kind: 'hole' | 'overlap';
  item: string;
  item_name: Text;
  area: string;
  area_name: Text;
  count: number;
  rules?: string[];
  from?: string | null;
}

export interface ResponsibilityCheck {
  at: string;
  items: number;
  grids: number;
  pairs: number;
  covered_pairs: number;
  fallback_pairs: number;
  hole_pairs: number;
  overlap_pairs: number;
  holes: ResponsibilityFault[];
  overlaps: ResponsibilityFault[];
  groups_left: number;
  took_ms: number;
}

/** Faults that a draft would open. */
export interface OpenedFaults {
  hole_pairs: number;
  overlap_pairs: number;
  faults: ResponsibilityFault[];
  groups_left: number;
}

export interface ResponsibilityDraft {
  id: string;
  title: string;
  base: number;
  latest: number;
  state: 'open' | 'published' | 'discarded';
  list_version?: number | null;
  version: number;
  rule_count: number;
  created_by: string;
  created_at: string;
  updated_by: string;
  updated_at: string;
}

export interface ResponsibilityDraftDetail extends ResponsibilityDraft {
  rules: ResponsibilityRule[];
}

export interface RuleChange {
  id: string;
  kind: 'added' | 'removed' | 'changed';
  before?: ResponsibilityRule | null;
  after?: ResponsibilityRule | null;
}

export interface LeadChange {
  item: string;
  item_name: Text;
  area: string;
  area_name: Text;
  count: number;
  before?: { code: string; name: Text } | null;
  after?: { code: string; name: Text } | null;
}

export interface ResponsibilityDiff {
  base: number;
  latest: number;
  changes: RuleChange[];
  changed_pairs: number;
  leads: LeadChange[];
  groups_left: number;
}

/** One published version of the list. */
export interface PublishedList {
  version: number;
  valid_from: string;
  title: string;
  opened_pairs: number;
  accepted?: string | null;
  publisher: string;
  published_at: string;
}

export interface CodesetView {
  id: string;
  title: Text;
  verified: boolean;
  source?: Text | null;
  entry_count: number;
}

/** A published list of codes, and the items that cross over to them. */
export interface CodesetDetail {
  id: string;
  title: Text;
  verified: boolean;
  source?: Text | null;
  crosswalk?: string | null;
  entries: { code: string; name: Text; parent?: string | null }[];
  items: { code: string; name: Text; to: string }[];
}
