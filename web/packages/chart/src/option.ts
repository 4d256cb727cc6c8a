import { civil, OFFSET_MS } from '@yiwang/i18n/time.ts';
import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import { type ChartPoint, extentOf, numberWords, shapeOf } from './shape.ts';

export interface ChartLine {
  name: string;
  value: number;
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
  tone: 'bad' | 'warn';
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
  from: number;
  to: number;
  isFlag?: boolean | undefined;
  words: { doubted: string; range: string };
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

/** The words of the place under the pointer. */
function hoverWords(content: ChartContent, hovered: Hovered[]): string {
  const of = (id: string) => hovered.find((one) => one.seriesId === id)?.value;
  const any = of('line') ?? of('doubted');
  if (!any) return '';
  const { date, time, seconds } = civil(any[0] - OFFSET_MS);
  const rows = [`${date} ${time}:${seconds}`, `${content.name}  ${said(any[1], content.unit)}`];
  const [low, high] = [of('low')?.[1], of('high')?.[1]];
  if (typeof low === 'number' && typeof high === 'number' && high > 0)
    rows.push(`${content.words.range}  ${said(low, undefined)} – ${said(low + high, content.unit)}`);
  if (!of('line')) rows.push(content.words.doubted);
  return rows.join('\n');
}

/** Bands as areas; one that lasts no time has an edge to be seen by. */
function areasOf(bands: readonly ChartBand[], theme: Theme) {
  const token = themes[theme];
  return bands.map((band) => {
    const color = band.tone === 'bad' ? token.bad : token.lightOrange;
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
  const extent = extentOf(
    content.points,
    lines.map((one) => one.value),
  );
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
            ...lines.map((one) => ({
              yAxis: one.value,
              lineStyle: { color: token.bad, type: 'dashed', width: 1.2 },
              label: {
                formatter: `${one.name} ${numberWords(one.value)}`,
                position: 'insideStartTop',
                color: token.bad,
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
    ],
  };
}
