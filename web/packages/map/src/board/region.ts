import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { type Drawn, drawnOf, type TileFeature } from './drawn.ts';
import {
  boundsOfPlaces,
  isInside,
  type Place,
  placesOf,
  type Ring,
  type TileAddress,
  tilesOver,
  touches,
} from './geodesy.ts';
import { COUNT_KEY } from './layer-style.ts';

/** What a layer must say for its things to be found within a region. */
export interface RegionLayer {
  code: string;
  geometry: 'point' | 'line' | 'area';
  minZoom: number;
  maxZoom: number;
  /** From this zoom on nothing is drawn as one. */
  clusterBelow?: number | undefined;
}

export interface RegionTile {
  bytes: Uint8Array;
  /** What the tile had no room for. */
  leftOut: number;
}

export interface RegionAnswer {
  drawn: Drawn[];
  leftOut: number;
  /** The region has more tiles than are asked for at once. */
  isTooLarge: boolean;
}

/** Tiles of one layer that are asked for at most for one selection. */
export const TILES_MAX = 150;
const AT_ONCE = 6;

/** The zoom at which each thing of a layer is told apart. */
export const zoomOf = (layer: RegionLayer): number =>
  Math.min(layer.maxZoom, Math.max(layer.minZoom, layer.clusterBelow ?? 12));

function within(layer: RegionLayer, { geometry }: TileFeature, ring: Ring): boolean {
  const places = placesOf(geometry);
  if (layer.geometry === 'line') return touches(places, ring);
  const [place] = places;
  return place !== undefined && isInside(place, ring);
}

/** The features of a tile in degrees. An area is where its name stands. */
export function readTile(bytes: Uint8Array, layer: RegionLayer, { z, x, y }: TileAddress): TileFeature[] {
  if (bytes.length === 0) return [];
  const tile = new VectorTile(new PbfReader(bytes));
  const found = tile.layers[layer.geometry === 'area' ? `${layer.code}-label` : layer.code];
  if (!found) return [];
  return Array.from({ length: found.length }, (_, at) => {
    const feature = found.feature(at);
    const { geometry } = feature.toGeoJSON(x, y, z);
    return { geometry, id: feature.id, properties: feature.properties };
  });
}

/** Everything of a layer within a ring, read from its tiles. */
export async function withinRegion(
  layer: RegionLayer,
  ring: Place[],
  read: (tile: TileAddress) => Promise<RegionTile>,
): Promise<RegionAnswer> {
  const tiles = tilesOver(boundsOfPlaces(ring), zoomOf(layer), TILES_MAX);
  if (!tiles) return { drawn: [], leftOut: 0, isTooLarge: true };
  const found = new Map<string, Drawn>();
  let leftOut = 0;
  for (let at = 0; at < tiles.length; at += AT_ONCE) {
    const some = tiles.slice(at, at + AT_ONCE);
    const answers = await Promise.all(some.map(read));
    for (const [index, answer] of answers.entries()) {
      leftOut += answer.leftOut;
      for (const feature of readTile(answer.bytes, layer, some[index] as TileAddress)) {
        if (feature.properties[COUNT_KEY] !== undefined || !within(layer, feature, ring)) continue;
        const drawn = drawnOf(layer.code, feature);
        found.set(drawn.id, drawn);
      }
    }
  }
  return { drawn: [...found.values()], leftOut, isTooLarge: false };
}
