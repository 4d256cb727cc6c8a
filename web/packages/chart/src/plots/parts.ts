import { seriesColors, type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { BarsContent, DialContent, SharesContent } from './content.ts';
import { axisWords, figure, fontOf, frameOf, toneColor, tooltipOf } from './style.ts';

export function barsOption(content: BarsContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const font = fontOf(15, unit);
  return {
    ...frameOf(theme, unit),
    grid: { left: 8 * unit, right: 8 * unit, top: 30 * unit, bottom: 4 * unit, containLabel: true },
    tooltip: {
      ...tooltipOf(theme, unit),
      formatter: (hovered: unknown) => {
        const { name, value } = hovered as { name: string; value: number };
        return `${name}  ${figure(value, content.precision)} ${content.unit}`;
      },
    },
    xAxis: {
      type: 'category',
      data: content.bars.map((bar) => bar.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token.line } },
      axisLabel: {
        color: token.text,
        fontSize: font,
        interval: 0,
        // Narrow bars have their names one below the other, as Chinese is read on signs.
        formatter: (name: string) => (content.bars.length > 6 ? [...name.slice(0, 4)].join('\n') : name),
        lineHeight: fontOf(17, unit),
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      axisLabel: { color: token.dim, fontSize: font, formatter: axisWords },
      splitLine: { lineStyle: { color: token.lineSoft } },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 44 * unit,
        data: content.bars.map((bar) => ({
          id: bar.id,
          name: bar.name,
          value: bar.value,
          itemStyle: { color: toneColor(bar.tone, theme) },
        })),
        label: {
          show: true,
          position: 'top',
          color: token.text,
          fontSize: fontOf(16, unit),
          fontWeight: 600,
          formatter: ({ value }: { value: unknown }) =>
            Number(value).toLocaleString('en-US', { maximumFractionDigits: content.precision }),
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

/** A ring with the total in it; the parts and their numbers stand beside it as words. */
export function sharesOption(content: SharesContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const colors = seriesColors[theme];
  return {
    ...frameOf(theme, unit),
    tooltip: {
      ...tooltipOf(theme, unit),
      formatter: (hovered: unknown) => {
        const { name, value, percent } = hovered as { name: string; value: number; percent: number };
        return `${name}  ${figure(value, 0)}  ${percent}%`;
      },
    },
    title: {
      text: content.total,
      subtext: content.totalWords,
      left: 'center',
      top: '32%',
      itemGap: 2 * unit,
      textStyle: { color: token.text, fontSize: fontOf(40, unit), fontWeight: 700 },
      subtextStyle: { color: token.dim, fontSize: fontOf(17, unit) },
    },
    series: [
      {
        type: 'pie',
        radius: ['64%', '94%'],
        center: ['50%', '50%'],
        label: { show: false },
        labelLine: { show: false },
        itemStyle: { borderColor: token.panel, borderWidth: 2 * unit },
        data: content.parts.map((part, index) => ({
          id: part.id,
          name: part.name,
          value: part.value,
          itemStyle: {
            color: part.tone === 'plain' ? colors[index % colors.length] : toneColor(part.tone, theme),
          },
        })),
      },
    ],
  };
}

export function dialOption(content: DialContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const span = content.max - content.min || 1;
  const stops = content.bands.map(
    ({ to, tone }) =>
      [Math.min(1, Math.max(0, (to - content.min) / span)), toneColor(tone, theme)] as [number, string],
  );
  const font = fontOf(15, unit);
  return {
    ...frameOf(theme, unit),
    series: [
      {
        type: 'gauge',
        min: content.min,
        max: content.max,
        splitNumber: 4,
        radius: '100%',
        center: ['50%', '60%'],
        startAngle: 205,
        endAngle: -25,
        axisLine: { lineStyle: { width: 18 * unit, color: stops.length > 0 ? stops : [[1, token.line]] } },
        axisTick: { show: false },
        splitLine: { length: 18 * unit, lineStyle: { color: token.panel, width: 2 * unit } },
        axisLabel: { color: token.dim, fontSize: font, distance: 24 * unit, formatter: axisWords },
        pointer: {
          width: 7 * unit,
          length: '62%',
          itemStyle: { color: token.text },
          show: content.value !== null,
        },
        anchor: { show: true, size: 14 * unit, itemStyle: { color: token.text } },
        detail: {
          formatter: content.words,
          offsetCenter: [0, '62%'],
          color: content.tone === 'plain' ? token.text : toneColor(content.tone, theme),
          fontSize: fontOf(36, unit),
          fontWeight: 700,
        },
        data: [{ value: content.value ?? content.min }],
      },
    ],
  };
}
