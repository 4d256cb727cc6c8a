import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import type { Map as GlMap, LayerSpecification, SourceSpecification } from 'maplibre-gl';

/** Tiles of others that lie under everything. */
export interface BoardBasemap {
  code: string;
  /** An address of this server with {z}, {x} and {y}. */
  tiles: string;
  content: 'raster' | 'vector';
  minZoom: number;
  maxZoom: number;
  bounds?: [number, number, number, number] | undefined;
  /** The layers within vector tiles. */
  vectorLayers: readonly string[];
}

export const BASEMAP = 'basemap:';
const RASTER_PX = 256;
const WATER = /water|river|lake|ocean|sea/i;
const BUILT = /build/i;

export function basemapSource(basemap: BoardBasemap, origin: string): SourceSpecification {
  const { content, tiles, minZoom, maxZoom, bounds } = basemap;
  return {
    type: content,
    // Relative addresses are not taken by the workers that read tiles.
    tiles: [origin + tiles],
    minzoom: minZoom,
    maxzoom: maxZoom,
    ...(bounds ? { bounds } : {}),
    ...(content === 'raster' ? { tileSize: RASTER_PX } : {}),
  } as SourceSpecification;
}

/** Pictures as they are; of vector tiles their areas and lines in the map's own colours, whatever their schema. */
export function basemapLayers(basemap: BoardBasemap, theme: Theme): LayerSpecification[] {
  const source = BASEMAP + basemap.code;
  if (basemap.content === 'raster') return [{ id: source, type: 'raster', source }];
  const token = themes[theme];
  const areas = basemap.vectorLayers.map((layer): LayerSpecification => {
    const color = WATER.test(layer) ? token.accent : BUILT.test(layer) ? token.mapLine : token.mapLand;
    return {
      id: `${source}:${layer}:fill`,
      type: 'fill',
      source,
      'source-layer': layer,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': color, 'fill-opacity': 0.25 },
    };
  });
  const lines = basemap.vectorLayers.map(
    (layer): LayerSpecification => ({
      id: `${source}:${layer}:line`,
      type: 'line',
      source,
      'source-layer': layer,
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: {
        'line-color': WATER.test(layer) ? token.accent : token.mapLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.5, 16, 2],
      },
    }),
  );
  return [...areas, ...lines];
}

/** Draws exactly these, the first lowest, right above the ground. */
export function drawBasemaps(map: GlMap, basemaps: readonly BoardBasemap[], theme: Theme): void {
  const { layers, sources } = map.getStyle();
  for (const { id } of layers) if (id.startsWith(BASEMAP)) map.removeLayer(id);
  for (const id of Object.keys(sources)) if (id.startsWith(BASEMAP)) map.removeSource(id);
  const above = layers.find(({ id }) => id !== 'ground' && !id.startsWith(BASEMAP))?.id;
  for (const basemap of basemaps) {
    map.addSource(BASEMAP + basemap.code, basemapSource(basemap, location.origin));
    for (const spec of basemapLayers(basemap, theme)) map.addLayer(spec, above);
  }
}
