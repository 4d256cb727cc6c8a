import { useQuery } from '@tanstack/react-query';
import { readTile } from '@yiwang/api/geo-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import type { BoardPoint } from '@yiwang/map/board/board.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import { isInside, type Place } from '@yiwang/map/board/geodesy.ts';
import { ALARMS, CASES } from './map-view.ts';
import type { OwnPoints } from './use-points.ts';

export interface Region {
  drawn: Drawn[];
  /** Layers that were not read, as the region is too large for them. */
  tooLarge: string[];
  leftOut: number;
}

const ownDrawn = (layer: string, points: readonly BoardPoint[], ring: Place[]): Drawn[] =>
  points
    .filter(({ lon, lat }) => isInside([lon, lat], ring))
    .map(({ id, lon, lat, facts }) => ({ layer, id, form: 'point', lon, lat, count: 1, facts }));

async function regionOf(
  ring: Place[],
  layers: readonly Layer[],
  at: string | undefined,
  signal: AbortSignal,
): Promise<Region> {
  const { withinRegion } = await import('@yiwang/map/board/region.ts');
  const region: Region = { drawn: [], tooLarge: [], leftOut: 0 };
  for (const { code, geometry, min_zoom, max_zoom, cluster } of layers) {
    const layer = {
      code,
      geometry,
      minZoom: min_zoom,
      maxZoom: max_zoom,
      clusterBelow: cluster?.below,
    };
    const answer = await withinRegion(layer, ring, (tile) => readTile(code, tile, at, signal));
    region.drawn.push(...answer.drawn);
    region.leftOut += answer.leftOut;
    if (answer.isTooLarge) region.tooLarge.push(code);
  }
  return region;
}

/** Everything of the chosen layers within a ring: each thing, also what the map draws as one. */
export function useRegion(
  ring: Place[] | undefined,
  layers: readonly Layer[],
  shown: readonly string[],
  own: OwnPoints,
  at: string | undefined,
) {
  const query = useQuery({
    queryKey: ['map', 'region', ring, layers.map((layer) => [layer.code, layer.version]), at],
    queryFn: ({ signal }) => regionOf(ring as Place[], layers, at, signal),
    enabled: ring !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  const mine = (code: string, points: readonly BoardPoint[]) =>
    ring && shown.includes(code) ? ownDrawn(code, points, ring) : [];
  return { query, own: [...mine(ALARMS, own.alarms), ...mine(CASES, own.cases)] };
}
