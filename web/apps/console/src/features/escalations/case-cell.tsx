import { Link } from '@tanstack/react-router';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { GradeChip } from '../../parts/status-chip.tsx';

/** The case of a row, leading to it. */
export function CaseCell({ incident }: { incident: IncidentRow }) {
  return (
    <span className="turn-case">
      <GradeChip grade={incident.grade} short />
      <Link to="/incidents" search={{ scope: 'all', q: incident.number, sel: incident.id }}>
        {incident.title}
      </Link>
      <span className="yw-dim yw-mono">{incident.number}</span>
    </span>
  );
}
