import type { CreateFeature, Layer, LayerAttribute, LayerGeometry } from '@yiwang/api/types/geo.ts';
import { type PlacesFault, type Read, readPlace, readPolygons, readWays } from '../shape/places-text.ts';

/** A feature while it is written. */
export interface FeatureDraft {
  /** Its place, points or corners. */
  text: string;
  code: string;
  name: string;
  kind: string | undefined;
  state: string | undefined;
  org: string | undefined;
  area: string | undefined;
  secrecy: number;
  /** As they are typed; a flag is a truth value. */
  attributes: Record<string, string | boolean | undefined>;
}

export const EMPTY_FEATURE: FeatureDraft = {
  text: '',
  code: '',
  name: '',
  kind: undefined,
  state: undefined,
  org: undefined,
  area: undefined,
  secrecy: 1,
  attributes: {},
};

/** The geometry that a text describes: one part alone where there is one. */
export function geometryOf(kind: LayerGeometry, text: string): Read<GeoJSON.Geometry> {
  if (kind === 'point') {
    const { value, fault } = readPlace(text);
    return value ? { value: { type: 'Point', coordinates: value } } : { fault: fault as PlacesFault };
  }
  const { value, fault } = kind === 'line' ? readWays(text) : readPolygons(text);
  if (!value) return { fault: fault as PlacesFault };
  const [only] = value;
  const isOne = value.length === 1 && only;
  if (kind === 'line') {
    const ways = value as GeoJSON.Position[][];
    return {
      value: isOne
        ? { type: 'LineString', coordinates: ways[0] as GeoJSON.Position[] }
        : { type: 'MultiLineString', coordinates: ways },
    };
  }
  const polygons = value as GeoJSON.Position[][][];
  return {
    value: isOne
      ? { type: 'Polygon', coordinates: polygons[0] as GeoJSON.Position[][] }
      : { type: 'MultiPolygon', coordinates: polygons },
  };
}

function attributeOf({ kind }: LayerAttribute, typed: string | boolean | undefined): unknown {
  if (typeof typed === 'boolean') return typed;
  const text = typed?.trim();
  if (!text) return undefined;
  // What is no number goes as it is: the server says so at its field.
  return kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What is sent; nothing while it has no place. */
export function featureOf(layer: Layer, draft: FeatureDraft): CreateFeature | undefined {
  const { value: geometry } = geometryOf(layer.geometry, draft.text);
  if (!geometry) return undefined;
  const { code, name, kind, state, org, area, secrecy } = draft;
  const facts = { code: code.trim(), name: name.trim(), kind, state, org, area };
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value));
  const attributes = Object.fromEntries(
    (layer.attributes ?? []).flatMap((one) => {
      const value = attributeOf(one, draft.attributes[one.code]);
      return value === undefined ? [] : [[one.code, value]];
    }),
  );
  return { ...given, secrecy, geometry, attributes };
}
