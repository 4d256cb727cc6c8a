import type { Text } from './shared.ts';

export const LAYOUT_KEYS = ['16:9', '32:9', '48:9', '4:3', 'portrait', 'phone'] as const;
export type LayoutKey = (typeof LAYOUT_KEYS)[number];

export const WIDGET_KINDS = [
  'index',
  'lamps',
  'kpi',
  'line',
  'bar',
  'rank',
  'pie',
  'sankey',
  'gauge',
  'calendar',
  'table',
  'ticker',
  'map',
  'video',
  'timeline',
  'lamp',
  'clock',
  'text',
] as const;
export type WidgetKind = (typeof WIDGET_KINDS)[number];

/** Weights of columns and rows, and which widget has which cells; `.` is an empty cell. */
export interface ScreenLayout {
  columns: number[];
  /** Left out: each row is as tall as it needs. */
  rows?: number[] | null;
  areas: string[];
}

export interface ScreenWidget {
  /** The name of its cells in the layouts. */
  area: string;
  /** One of `WIDGET_KINDS`, or a kind that a newer server knows. */
  kind: string;
  title?: Text | null;
  options?: Record<string, unknown> | null;
}

export interface Screen {
  code: string;
  title: Text;
  /** Who has it nowhere does not see the screen. */
  right?: string | null;
  order: number;
  refresh_seconds: number;
  /** By layout: where bezels lie, in pixels of the design's width. */
  seams?: Partial<Record<LayoutKey, number[]>> | null;
  layouts: Partial<Record<LayoutKey, ScreenLayout>>;
  widgets: ScreenWidget[];
}

/** `pack:vitals`, or `edited`. */
export type ScreenOrigin = string;

export interface ScreenRow {
  code: string;
  title: Text;
  order: number;
  right?: string | null;
  version: number;
  origin: ScreenOrigin;
  layouts: string[];
  has_draft: boolean;
}

export interface ScreenDetail {
  code: string;
  version: number;
  origin: ScreenOrigin;
  published_at: string;
  published_by: string;
  /** A pack has brought a newer one than the one that was published here. */
  pack_is_newer?: boolean;
  screen: Screen;
}

export interface ScreenVersion {
  version: number;
  origin: ScreenOrigin;
  at: string;
  by: string;
  note?: string | null;
}

export interface ScreenFinding {
  /** A JSON pointer into the screen. */
  pointer: string;
  code: string;
  message: string;
  /** What to do about it. */
  hint?: string | null;
}

export interface ScreenDraft {
  screen: Screen;
  /** The version that it began from; nothing for a new screen. */
  based_on?: number | null;
  revision: number;
  changed_at: string;
  changed_by: string;
  findings: ScreenFinding[];
  /** Another version is shown by now than the one that it began from. */
  is_outdated?: boolean;
}

export interface SaveScreenDraft {
  screen: Screen;
  based_on: number | null;
  /** The revision that was seen; nothing where there was no draft. */
  revision: number | null;
}
