import { useQuery } from '@tanstack/react-query';
import type { BarsContent } from '@yiwang/chart/plots/content.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import { ranksQuery } from '../data/vitals.ts';
import { toneOf } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { HeadFigure } from '../parts/head-figure.tsx';
import { PlotArea } from '../parts/plot-area.tsx';
import { useSetting } from '../parts/setting.ts';
import { newestOf, useIndicators } from '../parts/use-indicators.ts';
import { numberOption, textOption, type WidgetProps } from '../widget.ts';

/** Towns by the value of an indicator, the highest first. */
export default function Bars({ title, options }: WidgetProps) {
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const code = textOption(options, 'indicator') ?? '';
  const limit = numberOption(options, 'limit', 10);
  const query = useQuery(ranksQuery(code));
  const { rows } = useIndicators([code], undefined);
  const [row] = rows;
  const content = useMemo((): BarsContent => {
    const valued = (query.data ?? []).flatMap(({ area, name, value, state }) =>
      typeof value === 'number' ? [{ id: area, name, value, tone: toneOf(state) }] : [],
    );
    return {
      kind: 'bars',
      bars: valued.sort((one, other) => other.value - one.value).slice(0, limit),
      unit: row?.unit ?? '',
      precision: row?.precision ?? 0,
    };
  }, [query.data, limit, row?.unit, row?.precision]);
  const name = title ?? (text(row?.name) || t('wall.kinds.bar'));
  return (
    <Frame
      title={name}
      reads={[query]}
      isEmpty={content.bars.length === 0}
      emptyWords={t('wall.frame.noValues')}
      asOf={newestOf(query.data ?? [])}
      extra={row && <HeadFigure row={row} area={undefined} />}
    >
      <PlotArea
        label={t('wall.bars.label', { name, count: content.bars.length })}
        content={content}
        onPick={(area) => explain({ kind: 'indicator', code, area })}
      />
    </Frame>
  );
}
