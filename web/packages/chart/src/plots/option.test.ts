import { expect, it } from 'vitest';
import type { PlotContent, TrendContent } from './content.ts';
import { plotOption } from './option.ts';

const trend: TrendContent = {
  kind: 'trend',
  lines: [
    {
      id: 'own',
      name: 'own',
      points: [
        [0, 0],
        [3_600_000, 0],
      ],
    },
  ],
  usual: [],
  forecast: [],
  limits: [{ name: 'alarm', value: 90, tone: 'alarm' }],
  from: 0,
  to: 3_600_000,
  unit: '',
  precision: 0,
  words: { usual: 'usual', forecast: 'forecast' },
};

it('has an axis to read by, even where nothing moves', () => {
  const { yAxis } = plotOption(trend, 'wall', 1) as { yAxis: { min: number; max: number } };
  expect(yAxis.min).toBe(0);
  expect(yAxis.max).toBeGreaterThanOrEqual(0.5);
});

it('draws a limit that is near, and is not made flat by one that is far', () => {
  const near = {
    ...trend,
    lines: [
      {
        id: 'own',
        name: 'own',
        points: [
          [0, 80],
          [1, 88],
        ] as const,
      },
    ],
  };
  const { yAxis } = plotOption(near, 'wall', 1) as { yAxis: { max: number } };
  expect(yAxis.max).toBeGreaterThan(90);
  const far = plotOption({ ...near, limits: [{ name: 'alarm', value: 900, tone: 'alarm' }] }, 'wall', 1);
  expect((far as { yAxis: { max: number } }).yAxis.max).toBeLessThan(100);
});

it('counts letters in units of the design', () => {
  const font = (unit: number) =>
    (plotOption(trend, 'wall', unit) as { yAxis: { axisLabel: { fontSize: number } } }).yAxis.axisLabel
      .fontSize;
  expect(font(2)).toBe(font(1) * 2);
});

it('makes no markup of words that came from outside', () => {
  const contents: PlotContent[] = [
    trend,
    { kind: 'bars', bars: [{ id: 'a', name: '<b>', value: 1, tone: 'normal' }], unit: '', precision: 0 },
    { kind: 'shares', parts: [], total: '0', totalWords: '' },
    { kind: 'flow', nodes: [], links: [] },
  ];
  for (const content of contents) {
    const { tooltip } = plotOption(content, 'wall', 1) as { tooltip: { renderMode: string } };
    expect(tooltip.renderMode).toBe('richText');
  }
});
