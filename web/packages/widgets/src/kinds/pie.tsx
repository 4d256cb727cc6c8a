import { useQuery } from '@tanstack/react-query';
import type { NumbersBy } from '@yiwang/api/incident-api.ts';
import type { NumberGroup } from '@yiwang/api/types/incident.ts';
import type { PlotTone, SharesContent } from '@yiwang/chart/plots/content.ts';
import { type Translate, useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { seriesColors } from '@yiwang/tokens/tokens.ts';
import { useMemo } from 'react';
import { numbersQuery } from '../data/cases.ts';
import { figureOf, type Tone } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useSetting } from '../parts/setting.ts';
import { WayLink } from '../parts/way-link.tsx';
import { numberOption, textOption, type WidgetProps } from '../widget.ts';
import './pie.css';

interface Part {
  id: string;
  name: string;
  count: number;
  tone: Tone;
  /** The cases of it; nothing for what is put together from several. */
  query: Record<string, unknown> | undefined;
}

const REST = 'rest';
/** What is named by a list of terms and not by the answer. */
const TERMS = new Set(['status', 'source', 'grade']);
const GRADE_TONES: Record<string, Tone> = {
  i: 'alarm',
  ii: 'warning',
  iii: 'attention',
  iv: 'plain',
  v: 'stale',
};

/** The largest parts, and the others as one. */
export function largest(parts: readonly Part[], limit: number, restName: string): Part[] {
  const sorted = parts.filter((part) => part.count > 0).sort((one, other) => other.count - one.count);
  if (sorted.length <= limit) return sorted;
  const head = sorted.slice(0, limit - 1);
  const count = sorted.slice(limit - 1).reduce((total, part) => total + part.count, 0);
  return [...head, { id: REST, name: restName, count, tone: 'plain', query: undefined }];
}

function useParts(by: string) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const numbers = useQuery(numbersQuery(by as NumbersBy));
  const parts = useMemo(() => {
    const name = (group: NumberGroup) =>
      (TERMS.has(by) ? term(by, group.key) : text(group.label)) || t('shell.common.none');
    return (numbers.data?.groups ?? []).map(
      (group): Part => ({
        id: group.key,
        name: name(group),
        count: group.count,
        tone: (by === 'grade' && GRADE_TONES[group.key]) || 'plain',
        query: group.query,
      }),
    );
  }, [numbers.data, by, term, text, t]);
  return { parts, read: numbers, asOf: numbers.data?.as_of };
}

/** Open cases by what they have in common; each share opens its cases. */
export default function Pie({ title, options }: WidgetProps) {
  const t = useT();
  const { go, casesAt } = useSetting();
  const by = textOption(options, 'by') ?? 'source';
  const { parts, read, asOf } = useParts(by);
  const shown = useMemo(
    () => largest(parts, numberOption(options, 'limit', 8), t('wall.pie.rest')),
    [parts, options, t],
  );
  const total = shown.reduce((sum, part) => sum + part.count, 0);
  const content = useMemo(() => contentOf(shown, total, t), [shown, total, t]);
  const open = (id: string) => {
    const query = shown.find((part) => part.id === id)?.query;
    if (query) go(casesAt(query));
  };
  return (
    <Frame
      title={title ?? t('wall.pie.title', { by: t(`wall.pie.by.${by}`) })}
      reads={[read]}
      isEmpty={total === 0}
      emptyWords={t('wall.frame.noCases')}
      asOf={asOf}
    >
      <div className="ww-pie">
        <PlotArea label={t('wall.pie.label', { total })} content={content} onPick={open} />
        <Legend parts={shown} total={total} />
      </div>
    </Frame>
  );
}

const contentOf = (parts: readonly Part[], total: number, t: Translate): SharesContent => ({
  kind: 'shares',
  parts: parts.map(({ id, name, count, tone }) => ({ id, name, value: count, tone: tone as PlotTone })),
  total: figureOf(total),
  totalWords: t('wall.pie.open'),
});

function Legend({ parts, total }: { parts: readonly Part[]; total: number }) {
  const { casesAt, theme } = useSetting();
  const colors = seriesColors[theme];
  return (
    <ul className="ww-list ww-pie-legend">
      {parts.map((part, index) => {
        const line = (
          <>
            <span className="ww-row-name">{part.name}</span>
            <strong>{figureOf(part.count)}</strong>
            <small>{figureOf((part.count / Math.max(1, total)) * 100)}%</small>
          </>
        );
        const color = part.tone === 'plain' ? colors[index % colors.length] : 'var(--tone)';
        return (
          <li key={part.id} data-tone={part.tone}>
            <span className="ww-pie-swatch" style={{ background: color }} />
            {part.query ? <WayLink way={casesAt(part.query)}>{line}</WayLink> : <span>{line}</span>}
          </li>
        );
      })}
    </ul>
  );
}
