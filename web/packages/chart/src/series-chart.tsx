import type { Language } from '@yiwang/i18n/i18n.ts';
import type { Theme } from '@yiwang/tokens/tokens.ts';
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { type ChartContent, optionOf } from './option.ts';

use([LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export interface SeriesChartProps {
  /** What is seen, in words. */
  label: string;
  content: ChartContent;
  theme: Theme;
  language: Language;
  height: number;
}

/** One property over time. React draws nothing inside. */
export default function SeriesChart({ label, content, theme, language, height }: SeriesChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const drawn = useRef(0);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = init(element, undefined, {
      renderer: 'canvas',
      locale: language === 'en' ? 'EN' : 'ZH',
    });
    chart.current = made;
    // How many points stand on the screen: tests and measurements wait for it.
    made.on('finished', () => {
      element.dataset.drawn = String(drawn.current);
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
    drawn.current = content.points.length;
    chart.current?.setOption(optionOf(content, theme), { notMerge: true });
  }, [content, theme, language]);

  return <div ref={host} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
