/** What a plot shows; never options of the library, so that nothing of a screen can reach them. */
export type PlotContent =
  | TrendContent
  | BarsContent
  | SharesContent
  | FlowContent
  | DialContent
  | DaysContent;

/** How a value stands. */
export type PlotTone = 'normal' | 'attention' | 'warning' | 'alarm' | 'stale' | 'plain';

export interface TrendLine {
  id: string;
  name: string;
  /** Instants in milliseconds; nothing where nothing is known. */
  points: readonly (readonly [number, number | null])[];
}

export interface Stretch {
  t: number;
  low: number;
  high: number;
}

export interface TrendContent {
  kind: 'trend';
  lines: readonly TrendLine[];
  /** What is usual, behind the first line. */
  usual: readonly Stretch[];
  forecast: readonly (Stretch & { middle: number })[];
  limits: readonly { name: string; value: number; tone: PlotTone }[];
  from: number;
  to: number;
  unit: string;
  precision: number;
  words: { usual: string; forecast: string };
}

export interface PlotPart {
  id: string;
  name: string;
  value: number;
  tone: PlotTone;
}

export interface BarsContent {
  kind: 'bars';
  bars: readonly PlotPart[];
  unit: string;
  precision: number;
}

export interface SharesContent {
  kind: 'shares';
  parts: readonly PlotPart[];
  total: string;
  totalWords: string;
}

export interface FlowContent {
  kind: 'flow';
  /** `column` 0 is the left. */
  nodes: readonly { id: string; name: string; column: number }[];
  links: readonly { from: string; to: string; value: number }[];
}

export interface DialContent {
  kind: 'dial';
  value: number | null;
  words: string;
  tone: PlotTone;
  min: number;
  max: number;
  /** From the lowest; each holds up to `to`. */
  bands: readonly { to: number; tone: PlotTone }[];
}

export interface DaysContent {
  kind: 'days';
  /** `2026-11-25` and its value. */
  days: readonly (readonly [string, number])[];
  from: string;
  to: string;
  min: number;
  max: number;
  unit: string;
  precision: number;
  /** Monday first. */
  weekdays: readonly string[];
  /** January first. */
  months: readonly string[];
}
