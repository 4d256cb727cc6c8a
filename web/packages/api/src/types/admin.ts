import type { Text } from './shared.ts';

export interface OrgName {
  id: string;
  code: string;
  name: Text;
}

export interface UserView {
  id: string;
  username: string;
  name: string;
  phone?: string | null;
  kind: string;
  status: 'active' | 'disabled';
  posts: { org: OrgName; title: string; primary: boolean }[];
  roles: string[];
  locked_until?: string | null;
  has_password: boolean;
  must_change_password: boolean;
  demo: boolean;
  created_at: string;
  updated_at: string;
  updated_by: string;
  version: number;
}

export interface CreateUser {
  username: string;
  name: string;
  phone?: string;
  kind?: 'person' | 'service';
  password?: string;
  posts: { org_id: string; title: string; primary: boolean }[];
}

export interface GrantView {
  id: string;
  user_id: string;
  user_name: string;
  role: string;
  role_name?: Text | null;
  org?: OrgName | null;
  area?: string | null;
  secrecy_max: number;
  purpose?: string | null;
  expires_at?: string | null;
  granted_by: string;
  granted_at: string;
  live: boolean;
}

export interface CreateGrant {
  user_id: string;
  role: string;
  org_id?: string;
  area?: string;
  secrecy_max: number;
  purpose?: string;
  expires_at?: string;
}

export interface RoleView {
  code: string;
  name: Text;
  actions: string[];
  /** The administrator's duty that it carries. */
  duty?: string | null;
}

export interface AuditRow {
  seq: number;
  at: string;
  user_id?: string | null;
  user_name: string;
  ip?: string | null;
  device?: string | null;
  action: string;
  object: string;
  outcome: string;
  detail?: unknown;
  digest: string;
}

export interface AuditCheck {
  intact: boolean;
  verified?: { rows: number; head: string } | null;
  first_broken?: { seq: number; why: string } | null;
}

export interface Counter {
  source: string;
  received: number;
  stored: number;
  duplicate: number;
  refused: Record<string, number>;
  shed: Record<string, number>;
}

export interface Refusal {
  id: number;
  at: string;
  source: string;
  source_ref?: string | null;
  code: string;
  field: string;
  message: string;
  /** The code in words. */
  reason: Text;
  via: string;
  payload_bytes: number;
  kept_bytes: number;
  /** The case that it became when somebody corrected it. */
  incident_id?: string | null;
}

export interface RefusalDetail extends Refusal {
  media: string;
  payload?: string | null;
  withheld?: 'not_kept' | 'no_right' | 'unreadable' | null;
}

export interface RefusalFilter {
  source?: string;
  ref?: string;
  open?: boolean;
}

export interface Queues {
  as_of: string;
  writer: { writes: number; groups: number; refused: number; failed_commits: number; waiting: number };
  outbox: { last_seq: number; kept: number };
  subscriptions: { name: string; seq: number; behind: number }[];
  parked: number;
  reconcilers: {
    name: string;
    every_seconds: number;
    is_elsewhere: boolean;
    due_at: string;
    last_at?: string | null;
    last_took_ms: number;
    last_done: number;
    last_error?: string | null;
    passes: number;
    failures: number;
  }[];
  tasks: { name: string; state: string; message?: string | null }[];
}

export interface Parked {
  id: string;
  subscription: string;
  seq: number;
  kind: string;
  subject_id: string;
  error: string;
  tries: number;
  at: string;
}
