import { OFFSET_MS } from '@yiwang/i18n/time.ts';
import { expect, it } from 'vitest';
import { optionOf } from './option.ts';

it('draws bands behind the values, by the city’s clock, the chosen one stronger', () => {
  const content = {
    name: 'depth',
    points: [{ t: 0, v: 1 }],
    bands: [
      { id: 'a', from: 1_000, to: 2_000, tone: 'bad' as const },
      { id: 'b', from: 3_000, to: 4_000, tone: 'warn' as const, isChosen: true },
    ],
    from: 0,
    to: 5_000,
    words: { doubted: '', range: '' },
  };
  const { series } = optionOf(content, 'light') as {
    series: {
      id: string;
      markArea?: { data: [{ xAxis: number; itemStyle: { opacity: number } }, { xAxis: number }][] };
    }[];
  };
  const areas = series.find((one) => one.id === 'line')?.markArea?.data ?? [];
  expect(areas.map(([from, to]) => [from.xAxis - OFFSET_MS, to.xAxis - OFFSET_MS])).toEqual([
    [1_000, 2_000],
    [3_000, 4_000],
  ]);
  const [first, second] = areas.map(([from]) => from.itemStyle.opacity);
  expect(second).toBeGreaterThan(first ?? 1);
});

it('draws what is to come apart from what was, and makes room for it', () => {
  const content = {
    name: 'level',
    points: [{ t: 0, v: 1 }],
    lines: [{ name: 'attention', value: 2, tone: 'watch' as const }],
    forecast: [{ t: 4_000, low: 1, middle: 3, high: 9 }],
    from: 0,
    to: 5_000,
    words: { doubted: '', range: '', forecast: 'expected' },
  };
  const { series, yAxis } = optionOf(content, 'dark') as {
    series: { id: string; data: [number, number][] }[];
    yAxis: { max: number };
  };
  const of = (id: string) => series.find((one) => one.id === id)?.data;
  expect(of('coming')).toEqual([[4_000 + OFFSET_MS, 3]]);
  expect(of('comingHigh')).toEqual([[4_000 + OFFSET_MS, 8]]);
  expect(yAxis.max).toBeGreaterThan(9);
  expect(optionOf({ ...content, forecast: [] }, 'dark').series).toHaveLength(series.length - 3);
});
