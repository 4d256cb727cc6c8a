import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime, shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { memo } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { DueLight } from '../../../parts/due-light.tsx';
import { GradeChip, StatusChip } from '../../../parts/status-chip.tsx';
import { useTown } from '../../../parts/use-town.ts';
import { usePlanned } from '../../../parts/use-words.ts';

interface LineProps {
  row: IncidentRow;
  index: number;
  top: number;
  isCursor: boolean;
  isOpened: boolean;
  onPick: (row: IncidentRow) => void;
}

// The light already says these.
const SILENT_FLAGS = new Set(['suspended', 'consulting', 'imported']);

export const IncidentLine = memo(function IncidentLine({
  row,
  index,
  top,
  isCursor,
  isOpened,
  onPick,
}: LineProps) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const now = useNow();
  const town = useTown();
  const planned = usePlanned();
  const flags = row.flags.filter((flag) => !SILENT_FLAGS.has(flag));
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and open
    <div
      id={`case-${row.id}`}
      className="incident-line"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCursor}
      data-opened={isOpened}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onPick(row)}
    >
      <Cell name="light" title={planned(row.due_at, now)}>
        <DueLight row={row} />
      </Cell>
      <Cell name="grade">
        <GradeChip grade={row.grade} short />
      </Cell>
      <Cell name="number">
        <span className="yw-mono">{row.number}</span>
      </Cell>
      <Cell name="title" title={row.title}>
        {row.title}
        {flags.map((flag) => (
          <Chip key={flag} tone="orange">
            {term('flag', flag)}
          </Chip>
        ))}
      </Cell>
      <Cell name="item">
        {row.item ? text(row.item.name) : <span className="yw-dim">{t('incident.noItem')}</span>}
      </Cell>
      <Cell name="area" title={row.area?.name}>
        {row.area ? (
          (town(row.area.code) ?? row.area.name)
        ) : (
          <span className="yw-dim">{t('incident.noArea')}</span>
        )}
      </Cell>
      <Cell name="lead">
        {row.lead ? text(row.lead.name) : <span className="yw-dim">{t('incident.noLead')}</span>}
      </Cell>
      <Cell name="status">
        <StatusChip status={row.status} />
      </Cell>
      <Cell name="source">{term('source', row.source)}</Cell>
      <Cell name="created" title={fullTime(row.created_at)}>
        {shortTime(row.created_at, now)}
      </Cell>
    </div>
  );
});

function Cell({
  name,
  title,
  children,
}: {
  name: string;
  title?: string | undefined;
  children: React.ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div role="gridcell" className={`cell-${name}`} title={title}>
      {children}
    </div>
  );
}
