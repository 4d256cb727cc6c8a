import { civil, OFFSET_MS } from '@yiwang/i18n/time.ts';
import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import { type ChartPoint, extentOf, numberWords, shapeOf } from './shape.ts';

/** How bad something is: alarm, warning, attention. */
export type ChartTone = 'bad' | 'warn' | 'watch';

export interface ChartLine {
  name: string;
  value: number;
  /** `bad` where nothing is said. */
  tone?: ChartTone | undefined;
}

/** What is expected of an instant to come: nine in ten lie above `low`, nine in ten below `high`. */
export interface ChartForecast {
  t: number;
  low: number;
  middle: number;
  high: number;
}

export interface ChartMark {
  t: number;
  name: string;
}

/** A stretch of time that matters, drawn behind the values. */
export interface ChartBand {
  id: string;
  from: number;
  to: number;
  tone: ChartTone;
  isChosen?: boolean | undefined;
}

export interface ChartContent {
  name: string;
  unit?: string | undefined;
  points: readonly ChartPoint[];
  /** The distance of points where it is known. */
  stepMs?: number | undefined;
  /** Thresholds. */
  lines?: readonly ChartLine[] | undefined;
  /** Instants that matter. */
  marks?: readonly ChartMark[] | undefined;
  /** Stretches of time that matter. */
  bands?: readonly ChartBand[] | undefined;
  /** What is to come, drawn apart from what was. */
  forecast?: readonly ChartForecast[] | undefined;
  from: number;
  to: number;
  isFlag?: boolean | undefined;
  words: { doubted: string; range: string; forecast?: string };
}

const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';

// The axis is drawn in UTC; moved by the city's offset it shows the city's clock in every browser.
const shift = ([t, value]: [number, number | null]) => [t + OFFSET_MS, value];

const said = (value: unknown, unit: string | undefined) =>
  typeof value === 'number' ? `${numberWords(value)}${unit ? ` ${unit}` : ''}` : '—';

interface Hovered {
  seriesId?: string;
  value?: [number, number | null];
}

/** What is expected of the instant under the pointer. */
function forecastWords(content: ChartContent, at: number): string {
  const one = content.forecast?.find(({ t }) => t === at - OFFSET_MS);
  if (!one) return '';
  const { date, time } = civil(one.t);
  const band = `${said(one.low, undefined)} – ${said(one.high, content.unit)}`;
  return `${date} ${time}\n${content.words.forecast ?? ''}  ${said(one.middle, content.unit)}\n${band}`;
}

/** The words of the place under the pointer. */
function hoverWords(content: ChartContent, hovered: Hovered[]): string {
  const of = (id: string) => hovered.find((one) => one.seriesId === id)?.value;
  const any = of('line') ?? of('doubted');
  const coming = of('coming');
  if (!any) return coming ? forecastWords(content, coming[0]) : '';
  const { date, time, seconds } = civil(any[0] - OFFSET_MS);
  const rows = [`${date} ${time}:${seconds}`, `${content.name}  ${said(any[1], content.unit)}`];
  const [low, high] = [of('low')?.[1], of('high')?.[1]];
  if (typeof low === 'number' && typeof high === 'number' && high > 0)
    rows.push(`${content.words.range}  ${said(low, undefined)} – ${said(low + high, content.unit)}`);
  if (!of('line')) rows.push(content.words.doubted);
  return rows.join('\n');
}

const colourOf = (tone: ChartTone, theme: Theme): string => {
  const token = themes[theme];
  return { bad: token.bad, warn: token.lightOrange, watch: token.lightYellow }[tone];
};

/** What is to come: its band, and a dashed line in the middle. */
function comingOf(forecast: readonly ChartForecast[], theme: Theme) {
  const color = themes[theme].dim;
  const plain = { type: 'line', showSymbol: false, symbol: 'none', animation: false } as const;
  const edge = { ...plain, silent: true, stack: 'coming', stackStrategy: 'all', lineStyle: { opacity: 0 } };
  const at = (value: (one: ChartForecast) => number) =>
    forecast.map((one) => [one.t + OFFSET_MS, value(one)]);
  return [
    { ...edge, id: 'comingLow', data: at((one) => one.low) },
    {
      ...edge,
      id: 'comingHigh',
      data: at((one) => one.high - one.low),
      areaStyle: { color, opacity: 0.18 },
    },
    {
      ...plain,
      id: 'coming',
      data: at((one) => one.middle),
      lineStyle: { color, type: 'dashed', width: 1.4 },
      itemStyle: { color },
    },
  ];
}

/** Bands as areas; one that lasts no time has an edge to be seen by. */
function areasOf(bands: readonly ChartBand[], theme: Theme) {
  return bands.map((band) => {
    const color = colourOf(band.tone, theme);
    const itemStyle = {
      color,
      opacity: band.isChosen ? 0.4 : 0.18,
      borderColor: color,
      borderWidth: band.isChosen ? 2 : 1,
    };
    return [{ xAxis: band.from + OFFSET_MS, itemStyle }, { xAxis: band.to + OFFSET_MS }];
  });
}

export function optionOf(content: ChartContent, theme: Theme): EChartsCoreOption {
  const token = themes[theme];
  const { line, low, high, doubted, alone } = shapeOf(content.points, content.stepMs);
  const lines = content.lines ?? [];
  const forecast = content.forecast ?? [];
  const extent = extentOf(content.points, [
    ...lines.map((one) => one.value),
    ...forecast.flatMap((one) => [one.low, one.high]),
  ]);
  const quiet = { type: 'line', silent: true, showSymbol: false, animation: false } as const;
  const band = {
    ...quiet,
    symbol: 'none',
    stack: 'band',
    stackStrategy: 'all',
    lineStyle: { opacity: 0 },
  } as const;
  const step = content.isFlag ? { step: 'end' as const } : {};
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: FONTS, color: token.dim },
    grid: { left: 52, right: 16, top: 14, bottom: 24 },
    tooltip: {
      trigger: 'axis',
      // Drawn on the canvas: no markup is made of what devices say.
      renderMode: 'richText',
      backgroundColor: token.panel,
      borderColor: token.line,
      textStyle: { color: token.text, fontSize: 12, lineHeight: 18 },
      axisPointer: { lineStyle: { color: token.dim } },
      formatter: (hovered: unknown) => hoverWords(content, hovered as Hovered[]),
    },
    xAxis: {
      type: 'time',
      min: content.from + OFFSET_MS,
      max: content.to + OFFSET_MS,
      axisLine: { lineStyle: { color: token.line } },
      axisLabel: { color: token.dim, fontSize: 11, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      ...(extent ?? {}),
      axisLabel: {
        color: token.dim,
        fontSize: 11,
        formatter: numberWords,
        showMinLabel: false,
        showMaxLabel: false,
      },
      splitLine: { lineStyle: { color: token.lineSoft } },
    },
    series: [
      { ...band, id: 'low', data: low.map(shift) },
      { ...band, id: 'high', data: high.map(shift), areaStyle: { color: token.accent, opacity: 0.16 } },
      {
        ...quiet,
        ...step,
        id: 'line',
        silent: false,
        data: line.map(shift),
        lineStyle: { color: token.accent, width: 1.6 },
        itemStyle: { color: token.accent },
        markArea: { silent: true, animation: false, data: areasOf(content.bands ?? [], theme) },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...lines.map(({ name, value, tone = 'bad' }) => ({
              yAxis: value,
              lineStyle: { color: colourOf(tone, theme), type: 'dashed', width: 1.2 },
              label: {
                formatter: `${name} ${numberWords(value)}`,
                position: 'insideStartTop',
                color: colourOf(tone, theme),
                fontSize: 11,
              },
            })),
            ...(content.marks ?? []).map((one) => ({
              xAxis: one.t + OFFSET_MS,
              lineStyle: { color: token.text, type: 'solid', width: 1 },
              label: {
                formatter: one.name,
                position: 'insideEndTop',
                rotate: 0,
                color: token.text,
                fontSize: 11,
              },
            })),
          ],
        },
      },
      {
        id: 'alone',
        type: 'scatter',
        silent: true,
        symbolSize: 4,
        animation: false,
        itemStyle: { color: token.accent },
        data: alone.map(shift),
      },
      {
        id: 'doubted',
        type: 'scatter',
        symbol: 'emptyTriangle',
        symbolSize: 6,
        animation: false,
        itemStyle: { color: token.lightOrange },
        data: doubted.map(shift),
      },
      ...(forecast.length > 0 ? comingOf(forecast, theme) : []),
    ],
  };
}
