import { civil, OFFSET_MS } from '@yiwang/i18n/time.ts';
import { seriesColors, type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { TrendContent } from './content.ts';
import { axisWords, figure, fontOf, frameOf, toneColor, tooltipOf } from './style.ts';

// The axis is drawn in UTC; moved by the city's offset it shows the city's clock in every browser.
const shift = (t: number) => t + OFFSET_MS;

interface Hovered {
  seriesName?: string;
  seriesId?: string;
  value?: [number, number | null];
}

function hoverWords(content: TrendContent, hovered: Hovered[]): string {
  const first = hovered.find((one) => one.value);
  if (!first?.value) return '';
  const { date, time } = civil(first.value[0] - OFFSET_MS);
  const isLine = (one: Hovered) => one.seriesId?.startsWith('line:') || one.seriesId === 'middle';
  const rows = hovered.filter(isLine).map(({ seriesName, value }) => {
    const number = value?.[1];
    const said = typeof number === 'number' ? `${figure(number, content.precision)} ${content.unit}` : '—';
    return `${seriesName}  ${said}`;
  });
  return [`${date.slice(5)} ${time}`, ...rows].join('\n');
}

/** The room between a lower and an upper edge. */
function band(id: string, name: string, stretch: { t: number; low: number; high: number }[], color: string) {
  const quiet = {
    type: 'line' as const,
    silent: true,
    symbol: 'none',
    stack: id,
    stackStrategy: 'all' as const,
    lineStyle: { opacity: 0 },
  };
  return [
    { ...quiet, id: `${id}:low`, name, data: stretch.map(({ t, low }) => [shift(t), low]) },
    {
      ...quiet,
      id: `${id}:high`,
      name,
      data: stretch.map(({ t, low, high }) => [shift(t), high - low]),
      areaStyle: { color, opacity: 0.22 },
    },
  ];
}

/** The values an axis must hold, with a little room. */
function extentOf(content: TrendContent): { min?: number; max?: number } {
  const values = [
    ...content.lines.flatMap((line) => line.points.flatMap(([, value]) => (value === null ? [] : [value]))),
    ...content.usual.flatMap(({ low, high }) => [low, high]),
    ...content.forecast.flatMap(({ low, high }) => [low, high]),
  ];
  if (values.length === 0) return {};
  let [min, max] = [Math.min(...values), Math.max(...values)];
  // A limit that is near belongs into the picture; one far away would make the line flat.
  const span = Math.max(max - min, Math.abs(max) * 0.05) || 1;
  for (const { value } of content.limits) {
    if (value >= min - span && value <= max + span) [min, max] = [Math.min(min, value), Math.max(max, value)];
  }
  const room = max > min ? (max - min) * 0.08 : span / 2;
  const floor = min >= 0 && min - room < 0 ? 0 : min - room;
  return { min: floor, max: max + room };
}

function linesOf(content: TrendContent, theme: Theme, unit: number) {
  const colors = seriesColors[theme];
  return content.lines.map((line, index) => {
    const color = colors[index % colors.length] ?? themes[theme].accent;
    return {
      type: 'line' as const,
      id: `line:${line.id}`,
      name: line.name,
      showSymbol: false,
      data: line.points.map(([t, value]) => [shift(t), value]),
      lineStyle: { color, width: (index === 0 ? 3 : 2) * unit },
      itemStyle: { color },
      ...(index === 0 ? { markLine: limitsOf(content, theme, unit) } : {}),
    };
  });
}

const LIMIT_PLACES = ['insideStartTop', 'insideMiddleTop', 'insideEndTop'] as const;

function limitsOf(content: TrendContent, theme: Theme, unit: number) {
  return {
    silent: true,
    symbol: 'none',
    data: content.limits.map(({ name, value, tone }, index) => {
      const color = toneColor(tone, theme);
      return {
        yAxis: value,
        lineStyle: { color, type: 'dashed' as const, width: 1.5 * unit },
        label: {
          formatter: `${name} ${axisWords(value)}`,
          // Side by side: limits may lie close together.
          position: LIMIT_PLACES[index % LIMIT_PLACES.length] ?? ('insideStartTop' as const),
          color,
          fontSize: fontOf(14, unit),
        },
      };
    }),
  };
}

export function trendOption(content: TrendContent, theme: Theme, unit: number): EChartsCoreOption {
  const token = themes[theme];
  const several = content.lines.length > 1;
  const font = fontOf(15, unit);
  return {
    ...frameOf(theme, unit),
    useUTC: true,
    grid: {
      left: 8 * unit,
      right: 18 * unit,
      top: (several ? 40 : 14) * unit,
      bottom: 4 * unit,
      containLabel: true,
    },
    legend: several
      ? {
          top: 0,
          left: 0,
          type: 'scroll',
          icon: 'rect',
          itemWidth: 18 * unit,
          itemHeight: 4 * unit,
          data: content.lines.map((line) => line.name),
          textStyle: { color: token.text, fontSize: font },
          pageTextStyle: { color: token.dim },
        }
      : { show: false },
    tooltip: {
      ...tooltipOf(theme, unit),
      trigger: 'axis',
      axisPointer: { lineStyle: { color: token.dim } },
      formatter: (hovered: unknown) => hoverWords(content, hovered as Hovered[]),
    },
    xAxis: {
      type: 'time',
      min: shift(content.from),
      max: shift(content.to),
      splitNumber: 4,
      axisLine: { lineStyle: { color: token.line } },
      axisTick: { show: false },
      axisLabel: { color: token.dim, fontSize: font, hideOverlap: true, formatter: '{HH}:{mm}' },
      ...(content.to - content.from > 48 * 3_600_000
        ? { axisLabel: { color: token.dim, fontSize: font, hideOverlap: true, formatter: '{MM}-{dd}' } }
        : {}),
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      ...extentOf(content),
      splitNumber: 3,
      axisLabel: {
        color: token.dim,
        fontSize: font,
        formatter: axisWords,
        showMinLabel: false,
        showMaxLabel: false,
      },
      splitLine: { lineStyle: { color: token.lineSoft } },
    },
    series: [
      ...band('usual', content.words.usual, [...content.usual], token.lightNone),
      ...band('forecast', content.words.forecast, [...content.forecast], token.accent),
      ...linesOf(content, theme, unit),
      {
        type: 'line',
        id: 'middle',
        name: content.words.forecast,
        showSymbol: false,
        data: content.forecast.map(({ t, middle }) => [shift(t), middle]),
        lineStyle: { color: token.accent, type: 'dashed', width: 2 * unit },
        itemStyle: { color: token.accent },
      },
    ],
  };
}
