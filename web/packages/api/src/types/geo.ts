import type { Position, Text } from './shared.ts';

export type LayerGeometry = 'point' | 'line' | 'area';
/** Whose rows a layer shows. */
export type LayerContent = 'features' | 'components' | 'devices' | 'towns' | 'villages' | 'grids';

export interface LayerState {
  code: string;
  name: Text;
  color?: string | null;
}

export interface LayerAttribute {
  code: string;
  name: Text;
  kind?: 'text' | 'number' | 'flag' | 'date';
  unit?: string | null;
  required?: boolean;
}

export interface LayerStyle {
  color?: string | null;
  width?: number | null;
  fill?: number | null;
  label?: boolean;
}

/** A layer of the map, and what of it one may see. Lists that are empty are not sent. */
export interface Layer {
  code: string;
  name: Text;
  branch?: Text[];
  geometry: LayerGeometry;
  content: LayerContent;
  codeset?: string | null;
  states?: LayerState[];
  attributes?: LayerAttribute[];
  min_zoom: number;
  max_zoom: number;
  /** Points that lie close together are drawn as one at zooms below. */
  cluster?: { below: number; cell?: number } | null;
  style: LayerStyle;
  shown: boolean;
  searched: boolean;
  source?: Text | string | null;
  verified: boolean;
  features: number;
  /** Are its features changed here? */
  is_kept: boolean;
  version: number;
  bounds?: [number, number, number, number] | null;
}

/** What others draw, to lie under the layers. */
export interface Basemap {
  code: string;
  title: Text;
  content: 'raster' | 'vector';
  /** An address of this server. */
  tiles: string;
  min_zoom: number;
  max_zoom: number;
  bounds?: [number, number, number, number] | null;
  attribution?: string | null;
  /** Another one whose names are drawn over it. */
  labels?: string | null;
  overlay: boolean;
  verified: boolean;
  source?: Text | string | null;
  vector_layers: string[];
  usable: boolean;
  /** Why it cannot be used. */
  off?: { code: 'no_key' | 'no_file' | 'bad_file' | 'bad_address'; message: string } | null;
}

export interface Feature {
  layer: string;
  number: number;
  code?: string | null;
  name?: string | null;
  kind?: string | null;
  state?: string | null;
  org?: string | null;
  org_name?: string | null;
  area?: string | null;
  area_name?: string | null;
  secrecy: number;
  geometry: GeoJSON.Geometry;
  label?: Position | null;
  attributes: Record<string, unknown>;
  since: string;
  updated_by: string;
  version: number;
}

/** Something that was found by its name. */
export interface PlaceFound {
  layer: string;
  number: number;
  code?: string | null;
  name: string;
  position: Position;
  area?: string | null;
  area_name?: string | null;
}

/** A feature to draw; what is not said the server finds or leaves empty. */
export interface CreateFeature {
  code?: string;
  name?: string;
  kind?: string;
  state?: string;
  org?: string;
  area?: string;
  secrecy: number;
  geometry: GeoJSON.Geometry;
  attributes: Record<string, unknown>;
}

/** Absent stays as it is. */
export interface UpdateFeature {
  state?: string;
  geometry?: GeoJSON.Geometry;
}
