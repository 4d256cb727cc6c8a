import type { ProfileCommand } from './device-command.ts';
import type { Position, ProblemField, Text } from './shared.ts';

export const HEARINGS = ['online', 'offline', 'silent', 'never'] as const;
export type Hearing = (typeof HEARINGS)[number];

export const PROTOCOLS = ['mqtt', 'http', 'hj212', 'sl651', 'jt808', 'gb26875', 'sensorthings'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const DEVICE_STATES = ['active', 'maintenance', 'disabled', 'retired'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export type Quality =
  | 'good'
  | 'out_of_range'
  | 'maintenance'
  | 'calibration'
  | 'fault'
  | 'stopped'
  | 'manual'
  | 'invalid'
  | 'deleted';

/** received = stored + duplicate + refused + shed + what still waits. `late` are among the stored. */
export interface Counts {
  received: number;
  stored: number;
  duplicate: number;
  late: number;
  refused: Record<string, number>;
  shed: Record<string, number>;
}

export interface LastValue {
  property: string;
  name: Text;
  unit?: string | null;
  value?: number | null;
  text?: string | null;
  quality: Quality;
  time: string;
  received: string;
}

export interface Device {
  id: string;
  code: string;
  name: string;
  profile: string;
  profile_name: Text;
  theme: string;
  org_id?: string | null;
  org_name?: Text | null;
  area?: string | null;
  area_name?: string | null;
  /** 1 ordinary … 4 most secret. */
  secrecy: number;
  position?: Position | null;
  place?: string | null;
  state: DeviceState;
  group?: string | null;
  protocol: Protocol;
  address?: string | null;
  interval_seconds: number;
  attributes: Record<string, unknown>;
  installed_at?: string | null;
  calibrated_at?: string | null;
  calibration_due?: string | null;
  has_token: boolean;
  has_certificate: boolean;
  /** SHA-256 of its certificate, in hexadecimal digits. */
  certificate_sha256?: string | null;
  hearing: Hearing;
  hearing_reason: string;
  hearing_since?: string | null;
  heard_at?: string | null;
  lag_seconds?: number | null;
  /** `mqtt 10.0.0.9:40000 token`, `mqtt tls 10.0.0.9:40000 certificate`. */
  connections: string[];
  last: LastValue[];
  counts: Counts;
  version: number;
  updated_at: string;
  /** The name of whoever changed it last. */
  updated_by: string;
}

export interface CreateDevice {
  code: string;
  profile: string;
  name: string;
  /** Code of the unit that owns it. */
  org?: string;
  /** Found by the position where it is not given. */
  area?: string;
  secrecy?: number;
  position?: Position;
  place?: string;
  group?: string;
  protocol: Protocol;
  address?: string;
  interval_seconds?: number;
  attributes?: Record<string, unknown>;
  installed_at?: string;
  calibrated_at?: string;
  calibration_due?: string;
  /** What the protocol itself asks for; never told again. */
  secret?: string;
}

/** What to change; absent stays. */
export type UpdateDevice = Partial<
  Omit<CreateDevice, 'code' | 'profile' | 'protocol' | 'installed_at'> & { state: DeviceState }
>;

/** A line of an import that cannot be taken; 1-based, of the list that was sent. */
export interface ImportLine {
  line: number;
  code: string;
  faults: ProblemField[];
}

export interface ImportOutcome {
  devices: number;
  /** Were they registered? All of them, or none. */
  is_done: boolean;
  /** Lines that are wrong; the first of them stand in `lines`. */
  wrong: number;
  lines: ImportLine[];
}

export interface DeviceSummary {
  devices: number;
  by_hearing: Record<string, number>;
  by_profile: Record<string, number>;
  by_state: Record<string, number>;
  by_protocol: Record<string, number>;
  calibration_overdue: number;
}

export interface ValuePoint {
  /** Milliseconds since 1970: of the value, or of the beginning of its stretch. */
  t: number;
  v?: number | null;
  min?: number | null;
  max?: number | null;
  n?: number | null;
  text?: string | null;
  quality?: Quality | null;
}

export type Step = 'minute' | 'hour' | 'day';

export interface Series {
  property: string;
  name: Text;
  unit?: string | null;
  /** Means over such stretches; absent where each point is one value. */
  step?: Step | null;
  is_cut: boolean;
  points: ValuePoint[];
}

export interface Frame {
  at: string;
  edge: Protocol;
  text?: string | null;
  hex: string;
  bytes: number;
  refused?: string | null;
}

export interface ProfileProperty {
  code: string;
  name: Text;
  kind?: 'number' | 'flag' | 'text';
  unit?: string | null;
}

export interface Profile {
  code: string;
  name: Text;
  theme: string;
  interval_seconds: number;
  properties: ProfileProperty[];
  commands?: ProfileCommand[];
  verified?: boolean;
}

/** Shown this once. */
export interface DeviceCredential {
  username: string;
  token: string;
}

export interface EdgeHealth {
  edge: Protocol;
  messages: number;
  counts: Counts;
  waiting: number;
}

export interface SensingHealth {
  blocked?: string | null;
  blocked_since?: string | null;
  groups: number;
  group_messages: number;
  append_ms: number;
  edges: EdgeHealth[];
  refusals_not_kept: number;
}

/** A message that was not taken in. */
export interface RefusedFrame {
  id: number;
  at: string;
  edge: Protocol;
  remote?: string | null;
  device?: string | null;
  device_id?: string | null;
  code: string;
  message: string;
  bytes: number;
  text?: string | null;
  hex: string;
}
