import type { MapGeoJSONFeature } from 'maplibre-gl';
import { FENCE_SOURCE } from './fence-style.ts';
import { boundsOfPlaces, placesOf } from './geodesy.ts';
import { COUNT_KEY } from './layer-style.ts';
import { MOVING_SOURCE } from './moving-layer.ts';

/** A thing as it stands on the map: what tiles and points tell of it. */
export interface Drawn {
  layer: string;
  /** Its number in tiles; the id of a case or an alarm. Of several drawn as one: where they stand. */
  id: string;
  form: 'point' | 'line' | 'area' | 'cluster';
  lon: number;
  lat: number;
  /** 1, or how many are drawn as one. */
  count: number;
  facts: Record<string, unknown>;
}

const FORMS = {
  Point: 'point',
  MultiPoint: 'point',
  LineString: 'line',
  MultiLineString: 'line',
  Polygon: 'area',
  MultiPolygon: 'area',
} as const;

export type TileFeature = Pick<GeoJSON.Feature, 'geometry'> & {
  id?: string | number | undefined;
  properties: Record<string, unknown>;
};

function formOf(layer: string, { type }: GeoJSON.Geometry, isCluster: boolean): Drawn['form'] {
  if (isCluster) return 'cluster';
  // Things lie within a fence, also where it is drawn as a wide line.
  if (layer === FENCE_SOURCE) return 'area';
  return FORMS[type as keyof typeof FORMS] ?? 'point';
}

/** What a feature of a tile says, and where it is. */
export function drawnOf(layer: string, feature: TileFeature): Drawn {
  const { geometry, properties, id } = feature;
  const [west, south, east, north] = boundsOfPlaces(placesOf(geometry));
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const count = Number(properties[COUNT_KEY] ?? 1);
  const isCluster = properties[COUNT_KEY] !== undefined;
  const own = id ?? (properties.id as string | undefined) ?? '';
  return {
    layer,
    id: isCluster ? `~${lon.toFixed(5)},${lat.toFixed(5)}` : String(own),
    form: formOf(layer, geometry, isCluster),
    lon,
    lat,
    count,
    facts: properties,
  };
}

/** `component:point` is of the layer `component`; `cases` of itself. */
const layerOf = (feature: MapGeoJSONFeature) => feature.layer.id.replace(/:[a-z]+$/, '');

/** Each thing once, though it is drawn in several parts and tiles. */
export function onceEach(features: readonly MapGeoJSONFeature[]): Drawn[] {
  const seen = new Map<string, Drawn>();
  for (const feature of features) {
    const layer = layerOf(feature);
    const isOwn = feature.source === layer;
    const drawn = drawnOf(layer, isOwn ? { ...plain(feature), id: feature.properties.id } : plain(feature));
    const key = `${layer}:${drawn.id}`;
    if (!seen.has(key)) seen.set(key, drawn);
  }
  return [...seen.values()];
}

const plain = ({ geometry, properties, id }: MapGeoJSONFeature): TileFeature => ({
  geometry,
  properties,
  id,
});

/** Changes with what a list of things says; not with where those are that move. */
export const drawnKey = (drawn: readonly Drawn[]): string =>
  JSON.stringify(
    drawn.map(({ layer, id, lon, lat, facts }) =>
      layer === MOVING_SOURCE
        ? [layer, id, facts.title, facts.state, facts.age]
        : [layer, id, lon, lat, facts],
    ),
  );

/** What a click means: things with a place before the areas that they lie in. */
export function meant(drawn: readonly Drawn[]): Drawn[] {
  const nearer = drawn.filter((one) => one.form !== 'area');
  return nearer.length > 0 ? nearer : [...drawn];
}
