import type { Screen } from '@yiwang/api/types/screen.ts';
import { expect, it } from 'vitest';
import { chooseLayout, unitOf, wantedLayout } from './choose.ts';

const screen = (layouts: Screen['layouts']): Screen => ({
  code: 'one',
  title: { zh: '一' },
  order: 1,
  refresh_seconds: 15,
  layouts,
  widgets: [],
});

const wide = { columns: [1, 2], rows: [1, 1], areas: ['a b', 'a c'] };

it('takes the layout that the window is nearest to', () => {
  const of = (width: number, height: number) => wantedLayout({ width, height });
  expect(of(1920, 1080)).toBe('16:9');
  expect(of(1440, 900)).toBe('16:9');
  expect(of(1024, 768)).toBe('4:3');
  expect(of(2560, 1080)).toBe('16:9');
  expect(of(3840, 1080)).toBe('32:9');
  expect(of(5760, 1080)).toBe('48:9');
  expect(of(1080, 1920)).toBe('portrait');
  expect(of(390, 844)).toBe('phone');
  expect(of(320, 640)).toBe('phone');
});

it('stands in with the nearest one where the one that fits is missing', () => {
  const both = screen({ '16:9': wide, '32:9': { ...wide, columns: [3, 2] } });
  expect(chooseLayout(both, { width: 5760, height: 1080 })).toMatchObject({ key: '32:9', isStandIn: true });
  expect(chooseLayout(both, { width: 1920, height: 1080 })).toMatchObject({ key: '16:9', isStandIn: false });
});

it('puts widgets one below the other on a phone that no layout was made for', () => {
  const chosen = chooseLayout(screen({ '16:9': wide }), { width: 390, height: 844 });
  expect(chosen).toMatchObject({ key: 'phone', layout: { columns: [1], areas: ['a', 'b', 'c'] } });
});

it('has nothing to show of a screen without layouts', () => {
  expect(chooseLayout(screen({}), { width: 1920, height: 1080 })).toBeUndefined();
});

it('counts in units of the height, and of the width where it stands upright', () => {
  expect(unitOf('16:9', { width: 3840, height: 2160 })).toBe(2);
  expect(unitOf('48:9', { width: 5760, height: 1080 })).toBe(1);
  expect(unitOf('16:9', { width: 800, height: 500 })).toBe(0.72);
  expect(unitOf('portrait', { width: 1080, height: 1920 })).toBe(1);
  expect(unitOf('phone', { width: 390, height: 844 })).toBe(1);
});
