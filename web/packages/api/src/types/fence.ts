export type LonLat = [lon: number, lat: number];

/** The ground that a fence stands on. */
export type FenceOutline =
  | { kind: 'polygon'; coordinates: LonLat[][][] }
  | { kind: 'circle'; centre: LonLat; radius_m: number }
  | { kind: 'corridor'; lines: LonLat[][]; half_width_m: number };

export const FENCE_WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type FenceWeekday = (typeof FENCE_WEEKDAYS)[number];
export type FenceDays = 'all' | 'worked' | 'rest' | { weekdays: FenceWeekday[] };

export interface FenceHours {
  days?: FenceDays;
  from: string;
  to: string;
}

export interface FenceSchedule {
  hours: FenceHours[];
  utc_offset_minutes?: number | null;
}

export interface FenceRules {
  enter?: boolean;
  leave?: boolean;
  dwell_seconds?: number | null;
  off_route?: { seconds?: number | null; metres?: number | null } | null;
  overspeed?: { kmh: number; seconds?: number } | null;
  forbidden?: FenceSchedule | null;
  silent_seconds?: number | null;
}

export interface FenceBorder {
  hysteresis_m?: number;
  fixes_min?: number;
  seconds_min?: number;
}

export interface FencePlan {
  outline: FenceOutline;
  concerns?: { objects?: string[]; tags?: string[] };
  from?: string | null;
  until?: string | null;
  schedule?: FenceSchedule | null;
  rules?: FenceRules;
  border?: FenceBorder;
}

export interface Fence {
  id: string;
  name: string;
  plan: FencePlan;
  /** Id of the unit that answers for it. */
  org?: string | null;
  area?: string | null;
  secrecy: number;
  is_on: boolean;
  updated_at: string;
  updated_by: string;
  version: number;
}

export interface CreateFence {
  name: string;
  plan: FencePlan;
  org?: string;
  area?: string;
  secrecy: number;
}

/** Absent stays as it is. */
export interface UpdateFence {
  name?: string;
  plan?: FencePlan;
  is_on?: boolean;
}

export const FENCE_EVENT_KINDS = [
  'entered',
  'left',
  'dwelled',
  'off_route',
  'on_route',
  'overspeed',
  'speed_kept',
  'forbidden',
  'silent',
  'heard',
  'released',
] as const;

export interface FenceEvent {
  id: string;
  fence_id: string;
  fence_name: string;
  device: string;
  kind: string;
  at: string;
  decided_at: string;
  lon: number;
  lat: number;
  figures: Record<string, unknown>;
}
