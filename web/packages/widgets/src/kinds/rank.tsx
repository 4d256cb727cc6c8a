import { useQuery } from '@tanstack/react-query';
import type { VitalRank } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { ranksQuery } from '../data/vitals.ts';
import { figureOf, toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { newestOf, useIndicators } from '../parts/use-indicators.ts';
import { numberOption, textOption, type WidgetProps } from '../widget.ts';
import './rows.css';

/** Towns in the order of their scores; those without one come last, whichever way. */
export function rankedFor(rows: readonly VitalRank[], order: string | undefined): VitalRank[] {
  const placed = rows.filter((row) => typeof row.place === 'number');
  const others = rows.filter((row) => typeof row.place !== 'number');
  const sorted = placed.toSorted((one, other) => (one.place ?? 0) - (other.place ?? 0));
  return [...(order === 'worst' ? sorted.toReversed() : sorted), ...others];
}

/** Towns by how they stand in an indicator. */
export default function Rank({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const code = textOption(options, 'indicator') ?? '';
  const query = useQuery(ranksQuery(code));
  const { rows } = useIndicators([code], undefined);
  const [indicator] = rows;
  const ranked = rankedFor(query.data ?? [], textOption(options, 'order'));
  const name = title ?? (text(indicator?.name) || t('wall.kinds.rank'));
  return (
    <Frame
      title={name}
      reads={[query]}
      isEmpty={ranked.length === 0}
      emptyWords={t('wall.frame.noValues')}
      asOf={newestOf(query.data ?? [])}
    >
      <ul className="ww-list ww-rows">
        {ranked.slice(0, numberOption(options, 'limit', 10)).map((row) => (
          <li key={row.area} data-tone={toneOf(row.state)}>
            <button
              type="button"
              className="ww-press ww-rank"
              onClick={() => explain({ kind: 'indicator', code, area: row.area })}
            >
              <span className="ww-rank-place">{row.place ?? ''}</span>
              <Mark tone={toneOf(row.state)} words={t(`vitals.state.${row.state}`)} />
              <span className="ww-row-name">{row.name}</span>
              <span className="ww-rank-bar">
                <span style={{ width: `${Math.max(0, Math.min(100, row.score ?? 0))}%` }} />
              </span>
              <strong>
                {figureOf(row.value, indicator?.precision ?? 0)}
                <small>{indicator?.unit}</small>
              </strong>
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
