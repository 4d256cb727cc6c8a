import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { useNow } from '../app/use-now.ts';
import { dueNow } from './due.ts';
import { useDueWords } from './use-words.ts';

const ENDED = new Set(['closed', 'void', 'merged']);

/** The light of a case: what runs out next, and when. */
export function DueLight({ row, step = true }: { row: IncidentRow; step?: boolean }) {
  const t = useT();
  const term = useTerm();
  const words = useDueWords();
  const now = useNow();
  if (ENDED.has(row.status)) return <span className="yw-dim">—</span>;
  if (row.suspended) return <Light light="none" paused label={t('incident.suspended')} />;
  const due = dueNow(row.due_at, row.light, now);
  if (!due)
    return (
      <Light light={row.light} label={row.consulting ? t('incident.consulting') : term('light', row.light)} />
    );
  if (due.late) return <Light light="red" label={`${term('light', 'red')} · ${words(due.ms)}`} />;
  const label = step && row.due_kind ? `${words(due.ms)} · ${term('clock', row.due_kind)}` : words(due.ms);
  return <Light light={due.light} label={label} />;
}
