import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { indicatorFigure, toneOf } from './figures.ts';
import { Mark } from './mark.tsx';
import { useSetting } from './setting.ts';
import './head-figure.css';

/** The number of now beside the title of what is drawn over time or place. */
export function HeadFigure({ row, area }: { row: Indicator; area: string | undefined }) {
  const t = useT();
  const { explain } = useSetting();
  const tone = toneOf(row.state);
  return (
    <button
      type="button"
      className="ww-press ww-head-figure"
      data-tone={tone}
      onClick={() => explain({ kind: 'indicator', code: row.code, area })}
    >
      <Mark tone={tone} words={t(`vitals.state.${row.state}`)} />
      <strong>{indicatorFigure(row)}</strong>
      <small>{row.unit}</small>
    </button>
  );
}
