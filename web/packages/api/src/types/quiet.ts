/** Of what is given everything must hold. */
export interface WindowTarget {
  devices?: string[];
  groups?: string[];
  areas?: string[];
  rules?: string[];
}

/** A maintenance window, or a shelf of rules and devices. */
export interface QuietWindow {
  id: string;
  kind: 'maintenance' | 'shelf';
  target: WindowTarget;
  starts_at: string;
  ends_at: string;
  reason: string;
  is_active: boolean;
  devices: number;
  created_at: string;
  created_by: string;
  cancelled_at?: string | null;
  cancelled_by?: string | null;
  version: number;
}

export interface CreateWindow {
  target: WindowTarget;
  starts_at: string;
  ends_at: string;
  reason: string;
}

export interface CreateShelf {
  target: WindowTarget;
  until: string;
  reason: string;
}

/** How often the alarms of one rule and device were right. */
export interface Feedback {
  rule: string;
  rule_name: string;
  device: string;
  device_name: string;
  alarms: number;
  found_true: number;
  found_false: number;
  precision?: number | null;
  last_at: string;
}
