import { useQuery } from '@tanstack/react-query';
import type { Indicator, IndicatorDetail } from '@yiwang/api/types/vitals.ts';
import type { DialContent, PlotTone } from '@yiwang/chart/plots/content.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { definitionQuery } from '../data/vitals.ts';
import { indicatorFigure, isGrey, toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useSetting } from '../parts/setting.ts';
import { useIndicators } from '../parts/use-indicators.ts';
import { textOption, type WidgetProps } from '../widget.ts';
import { scaleOf } from './scale.ts';
import './gauge.css';

/** A value against its limits. */
export default function Gauge({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const code = textOption(options, 'indicator') ?? '';
  const area = textOption(options, 'area');
  const { query, rows } = useIndicators([code], area);
  const definition = useQuery(definitionQuery(code, area));
  const [row] = rows;
  const content = useMemo(
    () => (row && definition.data ? contentOf(row, definition.data) : undefined),
    [row, definition.data],
  );
  const name = title ?? (text(row?.name) || t('wall.kinds.gauge'));
  return (
    <Frame
      title={name}
      reads={[query, definition]}
      isEmpty={!row}
      emptyWords={t('wall.frame.noIndicator', { code })}
      asOf={row?.at}
    >
      {content && row && (
        <button
          type="button"
          className="ww-press ww-gauge"
          aria-label={`${name} ${content.words} ${t(`vitals.state.${row.state}`)}`}
          onClick={() => explain({ kind: 'indicator', code, area })}
        >
          <PlotArea label={name} content={content} />
          <span className="ww-gauge-line" data-tone={toneOf(row.state)}>
            <Mark tone={toneOf(row.state)} />
            <span>
              <strong>{indicatorFigure(row)}</strong> <small>{row.unit}</small>
            </span>
          </span>
        </button>
      )}
    </Frame>
  );
}

function contentOf(row: Indicator, definition: IndicatorDetail): DialContent {
  const scale = scaleOf(row, definition);
  const isKnown = typeof row.value === 'number' && !isGrey(row.state);
  return {
    kind: 'dial',
    value: isKnown ? (row.value ?? null) : null,
    words: `${indicatorFigure(row)} ${row.unit}`,
    tone: toneOf(row.state) as PlotTone,
    ...scale,
  };
}
