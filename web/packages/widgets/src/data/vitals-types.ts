import type { Text } from '@yiwang/api/types/shared.ts';

/** How an indicator stands, the worst first. */
export const STANDINGS = [
  'alarm',
  'warning',
  'attention',
  'normal',
  'stale',
  'ungraded',
  'nothing',
  'waiting',
] as const;
export type Standing = (typeof STANDINGS)[number];

export type VitalGrade = 'normal' | 'attention' | 'warning' | 'alarm';
export type IndexLamp = 'green' | 'yellow' | 'orange' | 'red';

/** What takes points away. */
export interface VitalReason {
  code: string;
  name: Text;
  domain: string;
  loss: number;
  score?: number | null;
  value?: number | null;
  unit: string;
}

export interface VitalDomain {
  code: string;
  name: Text;
  weight: number;
  score?: number | null;
  lamp?: IndexLamp | null;
  grey_share: number;
  reasons: VitalReason[];
  counts: Record<Standing, number>;
}

export interface VitalsOverview {
  area: string;
  name: string;
  /** Absent while too much is interrupted. */
  score?: number | null;
  lamp?: IndexLamp | null;
  grey_share: number;
  reasons: VitalReason[];
  domains: VitalDomain[];
  counts: Record<Standing, number>;
  weights_from: string;
  weights_verified: boolean;
  computed_at?: string | null;
}

export interface Indicator {
  code: string;
  name: Text;
  domain: string;
  unit: string;
  precision: number;
  owner: string;
  source: Text;
  state: Standing;
  value?: number | null;
  score?: number | null;
  at?: string | null;
  age_seconds?: number | null;
  since?: string | null;
  usual?: number | null;
  /** The last value of each of the last 24 hours, the oldest first. */
  trend: (number | null)[];
  verified: boolean;
  waiting_reason?: Text | null;
}

export interface VitalLimit {
  op: '>' | '>=' | '<' | '<=' | 'outside';
  value: number | [number, number];
}

export interface VitalLimits {
  on?: 'value' | 'gap' | 'deviation' | 'z';
  attention?: VitalLimit;
  warning?: VitalLimit;
  alarm?: VitalLimit;
  for?: string;
  source?: string;
  verified?: boolean;
}

export interface IndicatorDetail extends Indicator {
  area: string;
  entry: Record<string, unknown>;
  formula_words?: Text | null;
  thresholds?: VitalLimits | null;
  owner_name?: Text | null;
}

export interface VitalPoint {
  at: string;
  value: number;
  usual?: number | null;
  /** The standard deviation around what is usual. */
  spread?: number | null;
}

export interface VitalForecast {
  at: string;
  p10: number;
  p50: number;
  p90: number;
}

export type VitalStep = 'five_minutes' | 'hour' | 'day';

export interface VitalSeries {
  indicator: string;
  area: string;
  step: VitalStep;
  points: VitalPoint[];
  forecast: VitalForecast[];
}

export interface VitalRank {
  /** From 1, the best; absent where there is no score. */
  place?: number | null;
  area: string;
  name: string;
  state: Standing;
  value?: number | null;
  score?: number | null;
  at?: string | null;
}

export interface Behind {
  kind: 'cases' | 'devices' | 'alarms' | 'feed' | 'indicators' | 'nothing';
  area: string;
  path?: string | null;
  filter: Record<string, string[]>;
  codes: string[];
}

export interface VitalNotice {
  id: string;
  indicator: string;
  name: string;
  area: string;
  grade: VitalGrade;
  action: 'notify' | 'order' | 'proposal';
  value: number;
  began_at: string;
  at: string;
  is_open: boolean;
  case?: { id: string; number: string } | null;
}
