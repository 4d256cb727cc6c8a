import type { IncidentRow } from './incident.ts';
import type { Grade, Light, NameRef } from './shared.ts';

/** A light that turns if nobody does anything. */
export interface TurnRow {
  incident: IncidentRow;
  kind: string;
  task_no?: number | null;
  light: Light;
  at: string;
  due_at: string;
}

/** A case that the clocks would escalate, and what that would do. */
export interface EscalationRow {
  incident: IncidentRow;
  kind: string;
  task_no?: number | null;
  due_at: string;
  at: string;
  level: 'early' | 'overdue';
  /** The case's grade after it. */
  grade: Grade;
  /** The unit that would be told. */
  informed?: NameRef | null;
}

export interface DryRun {
  until: string;
  items: TurnRow[];
  escalations: EscalationRow[];
  /** More cases than this many would turn. */
  cut_at_cases?: number | null;
}
