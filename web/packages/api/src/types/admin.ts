import type { Text } from './shared.ts';

export interface UserView {
  id: string;
  username: string;
  name: string;
  phone_masked?: string | null;
  org?: { id: string; code?: string; name: Text | string } | null;
  posts?: { org: { id: string; name: Text | string }; title?: string; primary?: boolean }[];
  locked?: boolean;
  locked_until?: string | null;
  disabled?: boolean;
  last_sign_in_at?: string | null;
  roles?: string[];
  version?: number;
}

export interface GrantView {
  id: string;
  user_id: string;
  role: string;
  org?: { id: string; code?: string; name: Text | string } | null;
  area?: string | null;
  secrecy_max: number;
  purpose?: string | null;
  expires_at?: string | null;
}

export interface RoleView {
  code: string;
  name: Text;
  actions: string[];
}

export interface AuditRow {
  seq: number;
  at: string;
  actor?: { id?: string; name: string; org?: string | null } | null;
  ip?: string | null;
  action: string;
  object?: string | null;
  outcome?: string | null;
  text?: string | null;
  hash?: string;
}

export interface AuditVerification {
  rows?: number;
  head?: string;
  broken?: { seq: number; why: string } | null;
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
  id: string;
  at: string;
  source: string;
  reason?: string;
  code?: string;
  text?: string;
  source_ref?: string | null;
}

export interface Queues {
  writer?: Record<string, number>;
  outbox?: Record<string, number>;
  subscriptions?: Record<string, unknown>[];
  reconcilers?: Record<string, unknown>[];
  parked?: number;
}

export interface Parked {
  id: string;
  subscription: string;
  at?: string;
  event_seq?: number;
  kind?: string;
  tries?: number;
  error?: string;
}

export interface PackView {
  id: string;
  version: string;
  title: Text;
  installed_at?: string | null;
}
