import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { indicatorFigure, toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { useIndicators } from '../parts/use-indicators.ts';
import { textOption, type WidgetProps } from '../widget.ts';
import './lamp.css';

/** One lamp, as large as its place. */
export default function Lamp({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const code = textOption(options, 'indicator') ?? '';
  const area = textOption(options, 'area');
  const { query, rows } = useIndicators([code], area);
  const [row] = rows;
  const tone = row ? toneOf(row.state) : 'stale';
  return (
    <Frame
      title={title ?? (text(row?.name) || t('wall.kinds.lamp'))}
      reads={[query]}
      isEmpty={!row}
      emptyWords={t('wall.frame.noIndicator', { code })}
      asOf={row?.at}
    >
      {row && (
        <button
          type="button"
          className="ww-press ww-lamp"
          data-tone={tone}
          onClick={() => explain({ kind: 'indicator', code, area })}
        >
          <Mark tone={tone} />
          <span>
            <strong>{indicatorFigure(row)}</strong> <small>{row.unit}</small>
            <em>{t(`vitals.state.${row.state}`)}</em>
          </span>
        </button>
      )}
    </Frame>
  );
}
