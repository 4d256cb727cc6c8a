import { useQuery } from '@tanstack/react-query';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { useMemo } from 'react';
import { alarmsQuery, recentCasesQuery } from '../data/cases.ts';
import { alarmLine, caseLine, type Line, newestFirst, noticeLine } from '../data/lines.ts';
import { noticesQuery } from '../data/vitals.ts';
import { figureOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { LineRow } from '../parts/line-row.tsx';
import { useNow } from '../parts/use-clock.ts';
import { useLineWords } from '../parts/use-line-words.ts';
import { listOption, numberOption, type WidgetProps } from '../widget.ts';
import './timeline.css';

const HOUR_MS = 3_600_000;
const ROWS_MAX = 60;
const NOTICES_MAX = 100;
const KINDS = ['alarms', 'cases', 'notices'] as const;

/** How many of each kind fell into each of `count` equal stretches that end now. */
export function stretches(
  lines: readonly Line[],
  { now, hours, count }: { now: number; hours: number; count: number },
): Record<Line['kind'], number>[] {
  const span = (hours * HOUR_MS) / count;
  const from = now - hours * HOUR_MS;
  const out = Array.from({ length: count }, () => ({ alarms: 0, cases: 0, notices: 0 }));
  for (const line of lines) {
    const cell = out[Math.floor((Date.parse(line.at) - from) / span)];
    if (cell) cell[line.kind] += 1;
  }
  return out;
}

/** What happened in the last hours: how much when, and the newest of it. */
export default function Timeline({ title, options }: WidgetProps) {
  const t = useT();
  const hours = numberOption(options, 'hours', 24);
  const asked = listOption(options, 'of');
  const of = asked.length > 0 ? asked : [...KINDS];
  const { lines, reads } = useRecent(of, hours);
  return (
    <Frame
      title={title ?? t('wall.timeline.title', { hours })}
      reads={reads}
      isEmpty={lines.length === 0}
      emptyWords={t('wall.timeline.none', { hours })}
    >
      <div className="ww-timeline">
        <Hours lines={lines} hours={hours} kinds={KINDS.filter((kind) => of.includes(kind))} />
        <ul className="ww-list ww-rows">
          {newestFirst(lines, ROWS_MAX).map((line) => (
            <li key={line.id} data-tone={line.tone}>
              <LineRow line={line} />
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}

function useRecent(of: readonly string[], hours: number) {
  const wants = (kind: Line['kind']) => of.includes(kind);
  const words = useLineWords(wants('notices'));
  const alarms = useQuery({ ...alarmsQuery({ hours }), enabled: wants('alarms') });
  const cases = useQuery({ ...recentCasesQuery(hours), enabled: wants('cases') });
  const notices = useQuery({ ...noticesQuery(undefined, NOTICES_MAX), enabled: wants('notices') });
  const reads = [wants('alarms') && alarms, wants('cases') && cases, wants('notices') && notices].filter(
    (read) => read !== false,
  );
  const lines = useMemo(() => {
    const since = Date.now() - hours * HOUR_MS;
    return [
      ...(alarms.data ?? []).map((alarm) => alarmLine(alarm, words)),
      ...(cases.data?.rows ?? []).map((row) => caseLine(row, words)),
      ...(notices.data ?? []).map((notice) => noticeLine(notice, words)),
    ].filter((line) => Date.parse(line.at) >= since);
  }, [alarms.data, cases.data, notices.data, hours, words]);
  const answered = reads.filter((read) => read.data !== undefined);
  return { lines, reads: answered.length > 0 ? answered : reads };
}

function Hours(props: { lines: readonly Line[]; hours: number; kinds: readonly Line['kind'][] }) {
  const { lines, hours, kinds } = props;
  const t = useT();
  const now = useNow();
  const cells = useMemo(() => stretches(lines, { now, hours, count: 24 }), [lines, now, hours]);
  const most = Math.max(1, ...cells.map((cell) => kinds.reduce((sum, kind) => sum + cell[kind], 0)));
  return (
    <div className="ww-hours">
      <div className="ww-hours-counts">
        {kinds.map((kind) => (
          <span key={kind} data-kind={kind}>
            <strong>{figureOf(lines.filter((line) => line.kind === kind).length)}</strong>{' '}
            {t(`wall.timeline.of.${kind}`)}
          </span>
        ))}
      </div>
      <svg viewBox="0 0 240 40" preserveAspectRatio="none" aria-hidden="true">
        {cells.map((cell, index) => {
          let top = 40;
          return kinds.map((kind) => {
            const height = (cell[kind] / most) * 38;
            top -= height;
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: a place on the axis, not a thing
                key={`${kind}${index}`}
                data-kind={kind}
                x={index * 10 + 1}
                y={top}
                width={8}
                height={height}
              />
            );
          });
        })}
      </svg>
      <div className="ww-hours-axis">
        <span>{hourWords(now - hours * HOUR_MS, hours)}</span>
        <span>{hourWords(now - (hours * HOUR_MS) / 2, hours)}</span>
        <span>{hourWords(now, hours)}</span>
      </div>
    </div>
  );
}

function hourWords(at: number, hours: number): string {
  const { date, time } = civil(at);
  return hours > 24 ? `${date.slice(5)} ${time}` : time;
}
