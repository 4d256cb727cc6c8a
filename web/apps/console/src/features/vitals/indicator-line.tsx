import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime, shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { TrendLine } from '@yiwang/ui/trend-line.tsx';
import { memo, type ReactNode } from 'react';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { IndicatorLink } from './indicator-link.tsx';
import { useDomains, useOwnerName } from './use-names.ts';
import { ageWords, numberIn, scoreIn, valueIn } from './values.ts';

interface LineProps {
  row: Indicator;
  index: number;
  top: number;
  isCursor: boolean;
  onOpen: (code: string) => void;
}

export const IndicatorLine = memo(function IndicatorLine({ row, index, top, isCursor, onOpen }: LineProps) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const [search] = useSearchParams();
  const ownerName = useOwnerName();
  const { nameOf } = useDomains(search.area);
  const isWaiting = row.state === 'waiting';
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and open
    <div
      id={`indicator-${row.code}`}
      className="indicator-line"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCursor}
      data-state={row.state}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest('a'))) onOpen(row.code);
      }}
    >
      <Cell name="state">
        <GradeLamp state={row.state} />
      </Cell>
      <Cell name="indicator" title={text(row.name)}>
        <IndicatorLink code={row.code}>{text(row.name)}</IndicatorLink>
        <span className="cell-two">
          <span className="yw-mono">{row.code}</span> <Reason row={row} />
        </span>
      </Cell>
      <Cell name="value">
        {isWaiting ? <span className="yw-dim">—</span> : valueIn(row.value, row.precision, row.unit)}
      </Cell>
      <Cell name="usual">{numberIn(row.usual, row.precision)}</Cell>
      <Cell name="trend">
        <TrendLine values={row.trend} label={t('vitals.trend')} width={88} />
      </Cell>
      <Cell name="domain">{nameOf(row.domain)}</Cell>
      <Cell name="owner" title={ownerName(row.owner)}>
        {ownerName(row.owner)}
      </Cell>
      <Cell name="since" title={fullTime(row.since)}>
        {shortTime(row.since, now)}
      </Cell>
      <Cell name="age" title={fullTime(row.at)}>
        {ageWords(t, row.age_seconds)}
      </Cell>
      <Cell name="score">{scoreIn(row.score)}</Cell>
      <Cell name="verified">
        <Chip tone={row.verified ? 'green' : 'yellow'}>
          {t(`vitals.verified.${row.verified ? 'yes' : 'no'}`)}
        </Chip>
      </Cell>
    </div>
  );
});

/** Why there is no number, or how old the last one is. */
function Reason({ row }: { row: Indicator }) {
  const t = useT();
  const text = useText();
  if (row.state === 'waiting' || (row.state === 'stale' && row.waiting_reason))
    return <span title={text(row.waiting_reason)}>{text(row.waiting_reason)}</span>;
  if (row.state !== 'stale') return null;
  return typeof row.age_seconds === 'number'
    ? t('vitals.staleFor', { span: ageWords(t, row.age_seconds) })
    : t('vitals.neverHeard');
}

interface CellProps {
  name: string;
  title?: string | undefined;
  children: ReactNode;
}

function Cell({ name, title, children }: CellProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div role="gridcell" className={`cell-${name}`} title={title}>
      {children}
    </div>
  );
}
