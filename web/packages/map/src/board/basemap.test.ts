import { expect, it } from 'vitest';
import { type BoardBasemap, basemapLayers, basemapSource } from './basemap.ts';

const raster: BoardBasemap = {
  code: 'vec',
  tiles: '/api/v1/basemaps/vec/tiles/{z}/{x}/{y}',
  content: 'raster',
  minZoom: 1,
  maxZoom: 18,
  vectorLayers: [],
};

it('asks this server for pictures of 256 pixels', () => {
  expect(basemapSource(raster, 'http://city')).toEqual({
    type: 'raster',
    tiles: ['http://city/api/v1/basemaps/vec/tiles/{z}/{x}/{y}'],
    minzoom: 1,
    maxzoom: 18,
    tileSize: 256,
  });
  expect(basemapLayers(raster, 'light').map(({ type }) => type)).toEqual(['raster']);
});

it('draws areas under lines of every layer of vector tiles', () => {
  const vector: BoardBasemap = { ...raster, content: 'vector', vectorLayers: ['water', 'roads'] };
  const ids = basemapLayers(vector, 'light').map(({ id }) => id);
  expect(ids).toEqual([
    'basemap:vec:water:fill',
    'basemap:vec:roads:fill',
    'basemap:vec:water:line',
    'basemap:vec:roads:line',
  ]);
  expect(basemapSource(vector, '')).not.toHaveProperty('tileSize');
});
