import type { Language } from '@yiwang/i18n/i18n.ts';
import { OFFSET_MS } from '@yiwang/i18n/time.ts';
import type { Theme } from '@yiwang/tokens/tokens.ts';
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { type ChartContent, optionOf } from './option.ts';
import { bandAt } from './shape.ts';

use([
  LineChart,
  ScatterChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export interface SeriesChartProps {
  /** What is seen, in words. */
  label: string;
  content: ChartContent;
  theme: Theme;
  language: Language;
  height: number;
  /** A band was clicked. */
  onBand?: ((id: string) => void) | undefined;
}

/** How far beside a band a click still means it, in pixels. */
const SLACK_PX = 5;

/** One property over time. React draws nothing inside. */
export default function SeriesChart({ label, content, theme, language, height, onBand }: SeriesChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const drawn = useRef(0);
  const latest = useRef({ content, onBand });
  latest.current = { content, onBand };

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
    made.getZr().on('click', ({ offsetX, offsetY }) => {
      const { content: shown, onBand: choose } = latest.current;
      if (!choose || !made.containPixel('grid', [offsetX, offsetY])) return;
      const timeAt = (x: number) => Number(made.convertFromPixel({ xAxisIndex: 0 }, x)) - OFFSET_MS;
      const at = timeAt(offsetX);
      const band = bandAt(shown.bands ?? [], at, Math.abs(timeAt(offsetX + SLACK_PX) - at));
      if (band) choose(band.id);
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
