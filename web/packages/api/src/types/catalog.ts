import type { CheckLine } from './incident.ts';
import type { Grade, OrgBrief, Position, Text } from './shared.ts';

export interface ItemView {
  code: string;
  name: Text;
  parent?: string | null;
  leaf?: boolean;
  level?: number;
  grade?: Grade | null;
  path?: Text[] | null;
}

export interface LimitView {
  kind: string;
  limit: string;
  calendar: string;
  words?: Text | null;
  yellow?: number;
  orange?: number;
  from?: string | null;
  until?: string | null;
}

export interface ItemDetail extends ItemView {
  policy?: ItemPolicy | null;
  limits?: LimitView[] | null;
  versions?: { version: number; valid_from?: string | null; valid_to?: string | null }[] | null;
  aliases?: string[] | null;
  keywords?: string[] | null;
  definition?: Text | null;
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

/** One row of the responsibility list; units are codes or `@town`, `@village`, `@grid`. */
export interface ResponsibilityRule {
  id: string;
  items: string[];
  areas: string[];
  lead: string;
  assistants?: string[];
  supervisor?: string | null;
  basis?: Text | null;
  valid_from?: string | null;
  valid_to?: string | null;
  fallback?: boolean;
}

export interface ResponsibilityFault {
  item: string;
  area: string;
  count: number;
  rules?: string[];
  leads?: string[];
}

export interface ResponsibilityCheck {
  items: number;
  grids: number;
  pairs: number;
  holes: ResponsibilityFault[];
  overlaps: ResponsibilityFault[];
  took_ms: number;
}

export interface ResponsibilityDraft {
  id: string;
  title: string;
  created_at?: string;
  updated_at?: string;
  by?: { name: string } | null;
  base_version?: number;
  version?: number;
  rules?: ResponsibilityRule[];
}

export interface ResponsibilityDiff {
  added: ResponsibilityRule[];
  removed: ResponsibilityRule[];
  changed: { before: ResponsibilityRule; after: ResponsibilityRule }[];
}
