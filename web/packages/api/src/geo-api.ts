import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, api } from './client.ts';
import type { Basemap, CreateFeature, Feature, Layer, PlaceFound, UpdateFeature } from './types/geo.ts';

export const geoKeys = {
  layers: ['layers'] as const,
  basemaps: ['basemaps'] as const,
  features: ['features'] as const,
  feature: (layer: string, number: string) => ['features', layer, number] as const,
};

export const layersQuery = queryOptions({
  queryKey: geoKeys.layers,
  queryFn: ({ signal }) => api.get<Layer[]>('/layers', undefined, signal),
  staleTime: 60_000,
});

/** What can be drawn under the layers, and what cannot. */
export const basemapsQuery = queryOptions({
  queryKey: geoKeys.basemaps,
  queryFn: ({ signal }) => api.get<Basemap[]>('/basemaps', undefined, signal),
  staleTime: 60_000,
});

/** A feature as it is, or as it was at an instant. */
export const featureQuery = (layer: string, number: string, at?: string) =>
  queryOptions({
    queryKey: [...geoKeys.feature(layer, number), at],
    queryFn: ({ signal }) => api.get<Feature>(`/layers/${layer}/features/${number}`, { at }, signal),
  });

/** Things of all layers by name, pinyin or code; the best first. */
export const findOnMap = (q: string) => api.get<PlaceFound[]>('/places/search', { q, limit: 20 });

const LEFT_OUT = 'x-left-out';

/** The bytes of a tile, and how much it had no room for. */
export async function readTile(
  layer: string,
  { z, x, y }: { z: number; x: number; y: number },
  at?: string,
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array; leftOut: number }> {
  const { bytes, headers } = await api.bytes(`/layers/${layer}/tiles/${z}/${x}/${y}`, { at }, signal);
  return { bytes, leftOut: Number(headers.get(LEFT_OUT) ?? 0) };
}

/** Whether a layer is kept as far back as an instant; where it is not, since when. */
export const keptQuery = (layer: string, at: string) =>
  queryOptions({
    queryKey: [...geoKeys.layers, 'kept', layer, at],
    queryFn: async ({ signal }): Promise<{ since: string } | null> => {
      try {
        await readTile(layer, { z: 0, x: 0, y: 0 }, at, signal);
        return null;
      } catch (fault) {
        if (fault instanceof ApiProblem && fault.code === 'geo.not_kept')
          return fault.problem.data as { since: string };
        throw fault;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** Each names the version that was seen; another one is refused. */
export const featureApi = {
  create: (layer: string, body: CreateFeature, idempotencyKey: string) =>
    api.post<Feature>(`/layers/${layer}/features`, body, { idempotencyKey }),
  update: ({ layer, number, version }: Feature, body: UpdateFeature) =>
    api.patch<Feature>(`/layers/${layer}/features/${number}`, body, { ifMatch: version }),
  remove: ({ layer, number, version }: Feature) =>
    api.delete<void>(`/layers/${layer}/features/${number}`, { ifMatch: version }),
};
