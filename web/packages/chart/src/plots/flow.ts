import { seriesColors, type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { DaysContent, FlowContent } from './content.ts';
import { figure, fontOf, frameOf, tooltipOf } from './style.ts';

export function flowOption(content: FlowContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const colors = seriesColors[theme];
  const names = new Map(content.nodes.map((node) => [node.id, node.name]));
  const columns = Math.max(0, ...content.nodes.map((node) => node.column));
  return {
    ...frameOf(theme, unit),
    tooltip: {
      ...tooltipOf(theme, unit),
      formatter: (hovered: unknown) => {
        const { data, value } = hovered as {
          data: { source?: string; target?: string; name?: string };
          value: number;
        };
        const of = (id: string | undefined) => names.get(id ?? '') ?? '';
        return data.source
          ? `${of(data.source)} → ${of(data.target)}  ${figure(value, 0)}`
          : `${of(data.name)}  ${figure(value, 0)}`;
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4 * unit,
        right: 130 * unit,
        top: 6 * unit,
        bottom: 6 * unit,
        nodeWidth: 14 * unit,
        nodeGap: 8 * unit,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        data: content.nodes.map((node, index) => ({
          name: node.id,
          depth: node.column,
          itemStyle: { color: colors[index % colors.length], borderWidth: 0 },
          ...(node.column === columns ? { label: { position: 'right' as const } } : {}),
        })),
        links: content.links.map(({ from, to, value }) => ({ source: from, target: to, value })),
        lineStyle: { color: 'source', opacity: 0.32, curveness: 0.5 },
        label: {
          color: token.text,
          fontSize: fontOf(16, unit),
          position: 'right',
          formatter: ({ name, value }: { name?: string; value?: unknown }) =>
            `${names.get(name ?? '') ?? ''} ${figure(Number(value), 0)}`,
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

export function daysOption(content: DaysContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const font = fontOf(15, unit);
  return {
    ...frameOf(theme, unit),
    tooltip: {
      ...tooltipOf(theme, unit),
      formatter: (hovered: unknown) => {
        const [day, value] = (hovered as { value: [string, number] }).value;
        return `${day}  ${figure(value, content.precision)} ${content.unit}`;
      },
    },
    visualMap: {
      min: content.min,
      max: content.max === content.min ? content.min + 1 : content.max,
      show: false,
      // One colour from pale to strong: how much, not how good.
      inRange: { color: [token.lineSoft, token.accent] },
    },
    calendar: {
      left: 44 * unit,
      right: 8 * unit,
      top: 30 * unit,
      bottom: 6 * unit,
      cellSize: ['auto', 'auto'],
      range: [content.from, content.to],
      splitLine: { lineStyle: { color: token.line, width: unit } },
      itemStyle: { color: 'transparent', borderColor: token.panel, borderWidth: 3 * unit },
      yearLabel: { show: false },
      monthLabel: { color: token.dim, fontSize: font, nameMap: [...content.months] },
      dayLabel: {
        color: token.dim,
        fontSize: font,
        firstDay: 1,
        // The library counts from Sunday.
        nameMap: [content.weekdays[6] ?? '', ...content.weekdays.slice(0, 6)],
      },
    },
    series: [
      { type: 'heatmap', coordinateSystem: 'calendar', data: content.days.map(([day, v]) => [day, v]) },
    ],
  };
}
