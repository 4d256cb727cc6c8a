import { useQuery } from '@tanstack/react-query';
import type { Query } from '@yiwang/api/client.ts';
import { type Indicator, STANDINGS } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { alarmsQuery, caseRowsQuery, isAtLeast } from '../data/cases.ts';
import { alarmLine, caseLine, type Line, newestFirst, noticeLine } from '../data/lines.ts';
import { indicatorsQuery, noticesQuery } from '../data/vitals.ts';
import { indicatorFigure, toneOf } from '../parts/figures.ts';
import { Frame, type Read } from '../parts/frame.tsx';
import { LineRow } from '../parts/line-row.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { newestOf } from '../parts/use-indicators.ts';
import { useLineWords } from '../parts/use-line-words.ts';
import { numberOption, type WidgetProps } from '../widget.ts';
import './rows.css';

type TableProps = WidgetProps & { title: string };
type Filter = Record<string, unknown>;

const LIMIT = 20;
const RECENT_HOURS = 24;

const filterOf = ({ options }: WidgetProps): Filter => (options.filter as Filter | undefined) ?? {};

/** The question to the list of cases; `overdue` are open ones whose light is red. */
export function caseQueryOf({ state, ...rest }: Filter): Query {
  const query = rest as Query;
  if (state === 'overdue') return { ...query, open: true, light: 'red' };
  if (state === undefined || state === 'open') return { ...query, open: true };
  return { ...query, status: String(state) };
}

export function CaseTable(props: TableProps) {
  const t = useT();
  const words = useLineWords(false);
  const query = useQuery(
    caseRowsQuery(caseQueryOf(filterOf(props)), numberOption(props.options, 'limit', LIMIT)),
  );
  const lines = (query.data ?? []).map((row) => caseLine(row, words));
  return <Lines title={props.title} read={query} lines={lines} emptyWords={t('wall.frame.noCases')} />;
}

export function AlarmTable(props: TableProps) {
  const t = useT();
  const words = useLineWords(false);
  const { open, severity_at_least: atLeast } = filterOf(props);
  const query = useQuery(alarmsQuery(open === false ? { hours: RECENT_HOURS } : { open: true }));
  const least = typeof atLeast === 'number' ? atLeast : undefined;
  const lines = (query.data ?? [])
    .filter((alarm) => isAtLeast(alarm.severity, least) && (open !== false || !alarm.is_open))
    .map((alarm) => alarmLine(alarm, words));
  const limit = numberOption(props.options, 'limit', LIMIT);
  return (
    <Lines
      title={props.title}
      read={query}
      lines={newestFirst(lines, limit)}
      emptyWords={t('wall.frame.noAlarms')}
    />
  );
}

export function NoticeTable(props: TableProps) {
  const t = useT();
  const words = useLineWords(true);
  const { open } = filterOf(props);
  const query = useQuery(
    noticesQuery(typeof open === 'boolean' ? open : true, numberOption(props.options, 'limit', LIMIT)),
  );
  const lines = (query.data ?? []).map((notice) => noticeLine(notice, words));
  return <Lines title={props.title} read={query} lines={lines} emptyWords={t('wall.frame.noNotices')} />;
}

interface LinesProps {
  title: string;
  read: Read;
  lines: readonly Line[];
  emptyWords: string;
}

function Lines({ title, read, lines, emptyWords }: LinesProps) {
  const asOf = read.dataUpdatedAt ? new Date(read.dataUpdatedAt).toISOString() : undefined;
  return (
    <Frame title={title} reads={[read]} isEmpty={lines.length === 0} emptyWords={emptyWords} asOf={asOf}>
      <ul className="ww-list ww-rows">
        {lines.map((line) => (
          <li key={line.id} data-tone={line.tone}>
            <LineRow line={line} />
          </li>
        ))}
      </ul>
    </Frame>
  );
}

/** The worst first; what has no number last. */
export function worstFirst(
  rows: readonly Indicator[],
  { domain, at_least: atLeast }: Filter,
  limit: number,
): Indicator[] {
  const rank = new Map<unknown, number>(STANDINGS.map((standing, index) => [standing, index]));
  const mildest = rank.get(atLeast) ?? STANDINGS.length;
  return rows
    .filter((row) => domain === undefined || row.domain === domain)
    .filter((row) => (rank.get(row.state) ?? 0) <= mildest)
    .toSorted(
      (one, other) =>
        (rank.get(one.state) ?? 0) - (rank.get(other.state) ?? 0) || one.code.localeCompare(other.code),
    )
    .slice(0, limit);
}

export function IndicatorTable(props: TableProps) {
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const filter = filterOf(props);
  const area = typeof filter.area === 'string' ? filter.area : undefined;
  const query = useQuery(indicatorsQuery(area));
  const rows = worstFirst(query.data ?? [], filter, numberOption(props.options, 'limit', LIMIT));
  return (
    <Frame
      title={props.title}
      reads={[query]}
      isEmpty={rows.length === 0}
      emptyWords={t(query.data?.length ? 'wall.frame.noneOut' : 'wall.frame.noValues')}
      asOf={newestOf(rows)}
    >
      <ul className="ww-list ww-rows">
        {rows.map((row) => (
          <li key={row.code} data-tone={toneOf(row.state)}>
            <button
              type="button"
              className="ww-press ww-row"
              onClick={() => explain({ kind: 'indicator', code: row.code, area })}
            >
              <Mark tone={toneOf(row.state)} />
              <span className="ww-row-tag">{t(`vitals.state.${row.state}`)}</span>
              <span className="ww-row-name">{text(row.name)}</span>
              <strong>
                {indicatorFigure(row)}
                <small>{row.unit}</small>
              </strong>
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
