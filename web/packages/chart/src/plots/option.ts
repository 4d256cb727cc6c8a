import type { Theme } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { PlotContent } from './content.ts';
import { daysOption, flowOption } from './flow.ts';
import { barsOption, dialOption, sharesOption } from './parts.ts';
import { trendOption } from './trend.ts';

/** What the library draws of a content; `unit` is how many pixels one of the design is. */
export function plotOption(content: PlotContent, theme: Theme, unit: number): EChartsCoreOption {
  switch (content.kind) {
    case 'trend':
      return trendOption(content, theme, unit);
    case 'bars':
      return barsOption(content, theme, unit);
    case 'shares':
      return sharesOption(content, theme, unit);
    case 'flow':
      return flowOption(content, theme, unit);
    case 'dial':
      return dialOption(content, theme, unit);
    case 'days':
      return daysOption(content, theme, unit);
  }
}
