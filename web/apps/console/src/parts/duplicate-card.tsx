import type { DuplicateHint } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import type { ReactNode } from 'react';
import { useNow } from '../app/use-now.ts';
import { StatusChip } from './status-chip.tsx';
import './duplicate-card.css';

/** From here on it is very likely the same matter. */
export const STRONG = 0.8;

const PARTS = ['space', 'category', 'text', 'time', 'person'] as const;
const percent = (part: number) => `${Math.round(part * 100)}%`;

/** A case that may be the same matter, and what makes it look so. */
export function DuplicateCard({ hint, children }: { hint: DuplicateHint; children?: ReactNode }) {
  const t = useT();
  const now = useNow();
  const { incident, score, parts } = hint;
  return (
    <article className="duplicate" data-strong={score >= STRONG}>
      <header>
        <Chip tone={score >= STRONG ? 'red' : 'yellow'}>
          {t('incident.duplicateScore', { score: percent(score) })}
        </Chip>
        <StatusChip status={incident.status} />
        <span className="yw-dim yw-mono">{incident.number}</span>
        <span className="yw-dim">{shortTime(incident.created_at, now)}</span>
      </header>
      <p>{incident.title}</p>
      <p className="yw-dim">{incident.address || incident.area?.name}</p>
      <footer>
        <span className="yw-dim">
          {PARTS.filter((part) => (parts[part] ?? 0) > 0)
            .map((part) => `${t(`incident.duplicatePart.${part}`)} ${percent(parts[part] ?? 0)}`)
            .join(' · ')}
        </span>
        <span>{children}</span>
      </footer>
    </article>
  );
}
