import type { MediaView } from './media.ts';
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

/** Marks of a case that a list can be narrowed by. */
export const FLAGS = [
  'mass',
  'repeat',
  'reopened',
  'self_handled',
  'suspended',
  'consulting',
  'review_due',
  'no_place',
  'excluded',
  'shadow',
  'imported',
] as const;
export type Flag = (typeof FLAGS)[number];

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
  closed_at?: string | null;
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
  kind: string;
  media_id?: string | null;
  media_url?: string | null;
  sha256?: string | null;
  note?: string | null;
}

export interface Attachment {
  name: string;
  url?: string;
  sha256?: string | null;
  media_id?: string | null;
}

export interface TaskView {
  id: string;
  incident_id: string;
  no: number;
  org: { id: string; name: Text };
  role: 'lead' | 'assist' | 'inform';
  mode?: string | null;
  /** Place in a sequence, from 1; 0 when all start at once. */
  order: number;
  status: TaskStatus;
  assignee?: { id: string; name: string } | null;
  parent_task_no?: number | null;
  note: string;
  dispatched_at?: string | null;
  signed_at?: string | null;
  contacted_at?: string | null;
  contact_result: string;
  arrived_at?: string | null;
  reported_at?: string | null;
  result: string;
  text: string;
  evidence: Evidence[];
  reworks: number;
  extensions: number;
  light: Light;
  due_at?: string | null;
  due_kind?: ClockKind | null;
}

export interface TaskRow extends TaskView {
  incident: IncidentRow;
}

export interface ClockView {
  kind: ClockKind;
  task_id?: string | null;
  /** The stage that it limits, where the step has several. */
  stage?: Text | null;
  started_at: string;
  /** `5wd` */
  limit: string;
  extra?: string | null;
  due_at?: string | null;
  yellow_at?: string | null;
  orange_at?: string | null;
  /** When the case is escalated by itself before the limit is over. */
  escalate_at?: string | null;
  escalated: ('early' | 'overdue')[];
  stopped_at?: string | null;
  state: 'running' | 'suspended' | 'stopped' | 'met' | 'breached';
  light: Light;
  explanation: Text;
}

export interface RequestView {
  id: string;
  kind: 'return' | 'extension' | 'suspension' | 'void' | 'exclusion';
  task_id?: string | null;
  status: 'pending' | 'approved' | 'rejected' | 'lapsed';
  at: string;
  by: { id: string; name: string };
  reason_code: string;
  text: string;
  proposed_org?: { id: string; name: Text } | null;
  extra?: number | null;
  plan_date?: string | null;
  leader?: string | null;
  decision?: { approved: boolean; text: string; at: string; by: { id: string; name: string } } | null;
}

export interface CardView {
  card: 'urge' | 'yellow' | 'orange' | 'red';
  at: string;
  by: string;
  text: string;
  new_due?: string | null;
}

export interface WhistleView {
  id: string;
  kind: string;
  at: string;
  by: string;
  place: string;
  text: string;
  arrive_by: string;
  calls: { org: { id: string; name: Text }; arrived_at?: string | null; by: string; late: boolean }[];
}

export interface CheckLine {
  code: string;
  text: Text;
  required: boolean;
  ticked?: boolean;
}

export interface IncidentDetail extends IncidentRow {
  description: string;
  occurred_at?: string | null;
  reporter?: { name_masked: string; phone_masked: string; secret: boolean } | null;
  source_ref?: string | null;
  /** The seat of the centre that has to act, when no unit has it. */
  desk?: string | null;
  tasks: TaskView[];
  clocks: ClockView[];
  requests: RequestView[];
  cards: CardView[];
  whistles: WhistleView[];
  attachments: Attachment[];
  /** The files that evidence and attachments name. */
  media: MediaView[];
  /** What the last verification saw. */
  verification: Evidence[];
  checks: { register: CheckLine[]; refuse: CheckLine[]; close: CheckLine[] };
  /** Evidence that the lead's report must carry. */
  evidence: string[];
  allowed: string[];
  suspension?: { plan_date: string; leader: string; review_at: string } | null;
  merged_into?: string | null;
  children: string[];
  /** Different callers of this case and of those merged into it. */
  callers: number;
  /** Only for those who speak to the citizen. */
  public?: { number: string; query_code: string } | null;
  outcome?: string | null;
  answer: string;
  transfer?: { to: string; reference: string } | null;
  rating?: { score: number; solved: boolean; text: string; at: string; public: boolean } | null;
  returns: number;
  reworks: number;
  reopens: number;
  versions: { item: number; list: number; catalog: number; calendar: number };
  policy_verified: boolean;
}

export interface ActionView {
  seq: number;
  at: string;
  actor: { id?: string | null; name: string; org: string };
  from_ip?: string | null;
  command: string;
  text: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
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
  attachments?: Attachment[];
  desk?: boolean;
}

export interface NumberGroup {
  key: string;
  label: Text;
  count: number;
  query: Record<string, string | number | boolean | null>;
}

export interface Numbers {
  as_of: string;
  total: number;
  total_is_more: boolean;
  open: number;
  today: number;
  groups: NumberGroup[];
}

/** Cases of one source, one lead unit and one stage. */
export interface CaseFlowGroup {
  source: string;
  lead?: IncidentRow['lead'];
  status: IncidentRow['status'];
  count: number;
  query: Record<string, string | number | boolean | null>;
}

/** Cases that came in since an instant. */
export interface CaseFlow {
  as_of: string;
  from: string;
  total: number;
  groups: CaseFlowGroup[];
  left_out: number;
}

/** Whether a case's log is as it was written. */
export interface TimelineCheck {
  intact: boolean;
  entries: number;
  broken_at?: number | null;
  why?: string | null;
  head: string;
}
