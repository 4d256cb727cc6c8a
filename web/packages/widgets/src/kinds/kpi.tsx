import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { indicatorFigure, isGrey, toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { Spark } from '../parts/spark.tsx';
import { useAgeWords } from '../parts/use-age.ts';
import { newestOf, useIndicators } from '../parts/use-indicators.ts';
import { useSize } from '../parts/use-size.ts';
import { listOption, textOption, type WidgetProps } from '../widget.ts';
import './kpi.css';

/** Big numbers, each with its lamp, its last day and its age. */
export default function Kpi({ title, options }: WidgetProps) {
  const t = useT();
  const area = textOption(options, 'area');
  const codes = listOption(options, 'indicators');
  const { query, rows } = useIndicators(codes, area);
  return (
    <Frame
      title={title ?? t('wall.kinds.kpi')}
      reads={[query]}
      isEmpty={rows.length === 0}
      emptyWords={t('wall.frame.noIndicator', { code: codes.join(', ') })}
      asOf={newestOf(rows)}
    >
      <Cards rows={rows} area={area} />
    </Frame>
  );
}

/** As many beside each other as makes the cards most like a card. */
export function columnsFor(count: number, width: number, height: number): number {
  let [best, distance] = [1, Number.POSITIVE_INFINITY];
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const ratio = width / columns / Math.max(1, height / rows);
    const away = Math.abs(Math.log(ratio / 2.1)) + (columns * rows - count) * 0.15;
    if (away < distance) [best, distance] = [columns, away];
  }
  return best;
}

/** A card lower than this, in units, has its age left out; the pop-over tells it. */
const LOW_UNITS = 118;

function Cards({ rows, area }: { rows: readonly Indicator[]; area: string | undefined }) {
  const { unit } = useSetting();
  const [host, size] = useSize<HTMLUListElement>();
  const columns = size ? columnsFor(rows.length, size.width, size.height) : 2;
  const height = (size?.height ?? 0) / Math.max(1, Math.ceil(rows.length / columns)) / unit;
  return (
    <ul
      ref={host}
      className="ww-kpi"
      data-low={height < LOW_UNITS}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {rows.map((row) => (
        <Card key={row.code} row={row} area={area} />
      ))}
    </ul>
  );
}

function Card({ row, area }: { row: Indicator; area: string | undefined }) {
  const t = useT();
  const text = useText();
  const age = useAgeWords();
  const { explain } = useSetting();
  const tone = toneOf(row.state);
  return (
    <li data-tone={tone} data-grey={isGrey(row.state)}>
      <button
        type="button"
        className="ww-press ww-kpi-card"
        onClick={() => explain({ kind: 'indicator', code: row.code, area })}
      >
        <span className="ww-kpi-name">
          <Mark tone={tone} words={t(`vitals.state.${row.state}`)} />
          <span>{text(row.name)}</span>
        </span>
        <span className="ww-kpi-value">
          <span>
            <strong>{indicatorFigure(row)}</strong> <small>{row.unit}</small>
          </span>
          <Spark values={row.trend} />
        </span>
        <span className="ww-kpi-foot">
          {row.state === 'normal' || row.state === 'ungraded' ? (
            <span>{row.at ? age(row.at) : ''}</span>
          ) : (
            <span className="ww-kpi-state">{t(`vitals.state.${row.state}`)}</span>
          )}
        </span>
      </button>
    </li>
  );
}
