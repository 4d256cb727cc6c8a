import type { Grade, Light, NameRef, Position, Text } from './shared.ts';

export const STATUSES = [
  'received',
  'accepted',
  'registered',
  'dispatched',
  'handling',
  'reported',
  'verified',
  'closed',
  'void',
  'merged',
] as const;
export type Status = (typeof STATUSES)[number];

export const SOURCES = [
  'hotline',
  'collector',
  'grid',
  'sensor',
  'video',
  'drone',
  'citizen',
  'police',
  'fire',
  'emergency',
  'superior',
  'enforcement',
  'system',
  'open311',
  'import',
] as const;
export type Source = (typeof SOURCES)[number];

export type ClockKind =
  | 'accept'
  | 'register'
  | 'dispatch'
  | 'sign'
  | 'contact'
  | 'arrive'
  | 'handle'
  | 'verify'
  | 'close'
  | 'total';

export interface IncidentRow {
  id: string;
  number: string;
  title: string;
  status: Status;
  light: Light;
  grade: Grade;
  item?: { code: string; name: Text | string } | null;
  area?: { code: string; name: string } | null;
  position?: Position | null;
  address?: string | null;
  source: Source;
  lead?: NameRef | null;
  created_at: string;
  due_at?: string | null;
  due_kind?: ClockKind | null;
  suspended: boolean;
  consulting: boolean;
  secrecy: number;
  version: number;
  flags: string[];
}

export type TaskStatus =
  | 'pending'
  | 'to_sign'
  | 'handling'
  | 'reported'
  | 'done'
  | 'returned'
  | 'excused'
  | 'cancelled';

export interface Evidence {
  name?: string | null;
  url?: string | null;
  kind?: string;
  media_url?: string | null;
  sha256?: string | null;
  note?: string | null;
}

export interface TaskView {
  id: string;
  incident_id: string;
  org_id: string;
  org?: NameRef | null;
  role: 'lead' | 'assist' | 'inform';
  mode?: string | null;
  order?: number | null;
  status: TaskStatus;
  assignee?: NameRef | null;
  parent_task_id?: string | null;
  due_at?: string | null;
  result?: string | null;
  text?: string | null;
  evidence?: Evidence[] | null;
}

export interface TaskRow extends TaskView {
  light?: Light | null;
  incident: IncidentRow;
}

export interface ClockView {
  kind: ClockKind;
  task_id?: string | null;
  started_at: string;
  due_at?: string | null;
  yellow_at?: string | null;
  orange_at?: string | null;
  stopped_at?: string | null;
  state: 'running' | 'suspended' | 'stopped' | 'met' | 'breached';
  light: Light;
  explanation?: Text | null;
}

export interface RequestView {
  id: string;
  kind: 'return' | 'extension' | 'suspension' | 'void' | 'exclusion';
  task_id?: string | null;
  status?: string | null;
  reason_code?: string | null;
  text?: string | null;
  at?: string | null;
  by?: { id?: string; name: string; org?: string } | null;
  decision?: { approved: boolean; text?: string | null; at?: string; by?: { name: string } | null } | null;
}

export interface CheckLine {
  code: string;
  text: Text;
  required?: boolean;
}

export interface IncidentDetail extends IncidentRow {
  description: string;
  reporter?: { name_masked?: string | null; phone_masked?: string | null; secret?: boolean } | null;
  source_ref?: string | null;
  tasks: TaskView[];
  clocks: ClockView[];
  requests: RequestView[];
  cards: { card: string; text: string; at?: string; new_due?: string | null }[];
  whistles: {
    id: string;
    kind: string;
    place?: string;
    text: string;
    arrive_by?: string;
    answered?: unknown;
  }[];
  attachments: Evidence[];
  checks: { register: CheckLine[]; refuse: CheckLine[]; close: CheckLine[] };
  allowed: string[];
  merged_into?: string | null;
  children: string[];
  public?: { number: string; query_code: string } | null;
  outcome?: string | null;
  rating?: { score: number; solved?: boolean; text?: string } | null;
  versions?: { item?: number; list?: number; calendar?: number } | null;
  policy_verified?: boolean;
}

export interface ActionView {
  seq: number;
  at: string;
  actor: { name: string; org?: string | null };
  from_ip?: string | null;
  command: string;
  text?: string | null;
  before?: unknown;
  after?: unknown;
  hash: string;
}

export interface DuplicateHint {
  incident: IncidentRow;
  score: number;
  parts: { space?: number; category?: number; text?: number; time?: number; person?: number };
}

export interface CreateIncident {
  source: Source;
  source_ref?: string;
  title: string;
  description: string;
  item_code?: string;
  grade?: Grade;
  position?: Position;
  crs?: 'wgs84' | 'gcj02' | 'bd09';
  address?: string;
  area_code?: string;
  reporter?: { name?: string; phone?: string; secret?: boolean };
  occurred_at?: string;
  attachments?: Evidence[];
  desk?: boolean;
}

export interface NumberGroup {
  key: string;
  label: Text | string;
  count: number;
  query: Record<string, string | number | boolean | null>;
}

export interface Numbers {
  as_of: string;
  total: number;
  open: number;
  today: number;
  groups: NumberGroup[];
}

export interface MapPoint {
  id: string;
  number?: string;
  title?: string;
  light: Light;
  status?: Status;
  position: Position;
}
