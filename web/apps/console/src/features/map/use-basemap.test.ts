import type { Basemap } from '@yiwang/api/types/geo.ts';
import { expect, it } from 'vitest';
import { drawnOf } from './use-basemap.ts';

const basemap = (code: string, change: Partial<Basemap> = {}): Basemap => ({
  code,
  title: { zh: code },
  content: 'raster',
  tiles: `/api/v1/basemaps/${code}/tiles/{z}/{x}/{y}`,
  min_zoom: 1,
  max_zoom: 18,
  overlay: false,
  verified: false,
  vector_layers: [],
  usable: true,
  ...change,
});

it('draws names over the basemap that has some', () => {
  const all = [basemap('vec', { labels: 'cva' }), basemap('cva', { overlay: true })];
  expect(drawnOf(all[0], all).map(({ code }) => code)).toEqual(['vec', 'cva']);
});

it('draws no names that cannot be used, and nothing for the schematic map', () => {
  const all = [basemap('vec', { labels: 'cva' }), basemap('cva', { overlay: true, usable: false })];
  expect(drawnOf(all[0], all).map(({ code }) => code)).toEqual(['vec']);
  expect(drawnOf(undefined, all)).toEqual([]);
});
