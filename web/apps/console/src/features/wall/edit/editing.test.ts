import type { Screen } from '@yiwang/api/types/screen.ts';
import { expect, it } from 'vitest';
import {
  freeArea,
  freshScreen,
  isCode,
  painted,
  withColumn,
  withOption,
  withoutColumn,
  withoutWidget,
  withRow,
  withRowWeights,
  withWidget,
} from './editing.ts';

const layout = { columns: [1, 1, 1], rows: [1, 1], areas: ['a a b', 'a a c'] };
const at = (x: number, y: number, right = x, bottom = y) => ({ from: { x, y }, to: { x: right, y: bottom } });

it('gives cells to a widget and takes it from where it was', () => {
  expect(painted(layout, at(2, 0, 2, 1), 'b').areas).toEqual(['a a b', 'a a b']);
  expect(painted(layout, at(2, 1), 'b').areas).toEqual(['a a .', 'a a b']);
});

it('takes the place of a widget of which no rectangle is left', () => {
  expect(painted(layout, at(1, 1), 'b').areas).toEqual(['. . .', '. b c']);
  expect(painted(layout, at(1, 0, 1, 1), 'b').areas).toEqual(['a b .', 'a b c']);
});

it('clears cells', () => {
  expect(painted(layout, at(2, 0, 2, 1), '.').areas).toEqual(['a a .', 'a a .']);
});

it('takes a selection from whichever corner it was begun', () => {
  expect(painted(layout, { from: { x: 2, y: 1 }, to: { x: 2, y: 0 } }, 'c').areas).toEqual([
    'a a c',
    'a a c',
  ]);
});

it('grows and shrinks', () => {
  expect(withColumn(layout)).toEqual({ columns: [1, 1, 1, 1], rows: [1, 1], areas: ['a a b .', 'a a c .'] });
  expect(withoutColumn(layout).areas).toEqual(['a a', 'a a']);
  expect(withRow(layout)).toEqual({ ...layout, rows: [1, 1, 1], areas: ['a a b', 'a a c', '. . .'] });
  expect(withoutColumn({ columns: [1], areas: ['a'] })).toEqual({ columns: [1], areas: ['a'] });
  expect('rows' in withRowWeights(layout, false)).toBe(false);
});

it('adds and removes widgets', () => {
  const screen: Screen = { ...freshScreen('x'), layouts: { '16:9': layout }, widgets: [] };
  const one = withWidget(screen, 'kpi');
  const two = withWidget(one.screen, 'kpi');
  expect([one.area, two.area]).toEqual(['kpi', 'kpi2']);
  expect(freeArea(two.screen, 'kpi')).toBe('kpi3');
  expect(withoutWidget({ ...screen, widgets: [{ area: 'b', kind: 'clock' }] }, 'b')).toMatchObject({
    widgets: [],
    layouts: { '16:9': { areas: ['a a .', 'a a c'] } },
  });
});

it('leaves out options that say nothing', () => {
  const widget = { area: 'a', kind: 'line', options: { indicator: 'G01', forecast: true } };
  expect(withOption(widget, 'forecast', false).options).toEqual({ indicator: 'G01' });
  expect(withOption(widget, 'hours', 48).options).toEqual({ indicator: 'G01', forecast: true, hours: 48 });
});

it('knows codes', () => {
  expect(isCode('city-overview')).toBe(true);
  expect(isCode('City')).toBe(false);
  expect(isCode('')).toBe(false);
});
