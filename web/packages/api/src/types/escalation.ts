import type { IncidentRow } from './incident.ts';
import type { Light } from './shared.ts';

/** A light that turns if nobody does anything. */
export interface EscalationRow {
  incident: IncidentRow;
  kind: string;
  task_no?: number | null;
  light: Light;
  at: string;
  due_at: string;
}

export interface DryRun {
  until: string;
  items: EscalationRow[];
  /** More cases than this many would turn. */
  cut_at_cases?: number | null;
}
