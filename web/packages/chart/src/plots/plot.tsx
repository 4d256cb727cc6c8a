import type { Language } from '@yiwang/i18n/i18n.ts';
import type { Theme } from '@yiwang/tokens/tokens.ts';
import { BarChart, GaugeChart, HeatmapChart, LineChart, PieChart, SankeyChart } from 'echarts/charts';
import {
  CalendarComponent,
  GridComponent,
  LegendScrollComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { PlotContent } from './content.ts';
import { plotOption } from './option.ts';

use([
  BarChart,
  GaugeChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  CalendarComponent,
  GridComponent,
  LegendScrollComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  LabelLayout,
  CanvasRenderer,
]);

export interface PlotProps {
  /** What is seen, in words. */
  label: string;
  content: PlotContent;
  theme: Theme;
  language: Language;
  /** Pixels of one unit of the design. */
  unit: number;
  /** A part was clicked; its id. */
  onPick?: ((id: string) => void) | undefined;
}

/** A plot that fills its place. React draws nothing inside; what it made is given back when it goes. */
export default function Plot({ label, content, theme, language, unit, onPick }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = init(element, undefined, { renderer: 'canvas', locale: language === 'en' ? 'EN' : 'ZH' });
    chart.current = made;
    made.on('finished', () => {
      element.dataset.drawn = 'true';
    });
    made.on('click', (event) => {
      const id = (event.data as { id?: unknown } | undefined)?.id;
      if (typeof id === 'string') pick.current?.(id);
    });
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, [language]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another language is another chart
  useEffect(() => {
    chart.current?.setOption(plotOption(content, theme, unit), { notMerge: true });
  }, [content, theme, unit, language]);

  return <div ref={host} role="img" aria-label={label} style={{ height: '100%', width: '100%' }} />;
}
