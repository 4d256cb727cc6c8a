/** Lengths and areas on the earth, and what lies in a region. Places are `[lon, lat]` in degrees. */

export type Place = [number, number];
/** A ring without its closing place. */
export type Ring = readonly Place[];
export type Bounds = [west: number, south: number, east: number, north: number];

/** The earth's mean radius; a ball of it is right to half a percent, less than a hand that points is. */
const RADIUS_M = 6_371_008.8;
const rad = (degrees: number) => (degrees * Math.PI) / 180;
const deg = (radians: number) => (radians * 180) / Math.PI;

export function distance([lonA, latA]: Place, [lonB, latB]: Place): number {
  const [a, b] = [rad(latA), rad(latB)];
  const across = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(rad(lonB - lonA) / 2) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.min(1, Math.sqrt(across)));
}

export function lengthOf(path: Ring): number {
  let sum = 0;
  for (let at = 1; at < path.length; at += 1) sum += distance(path[at - 1] as Place, path[at] as Place);
  return sum;
}

/** Square metres within a ring. */
export function areaOf(ring: Ring): number {
  let sum = 0;
  for (let at = 0; at < ring.length; at += 1) {
    const [lonA, latA] = ring[at] as Place;
    const [lonB, latB] = ring[(at + 1) % ring.length] as Place;
    sum += rad(lonB - lonA) * (2 + Math.sin(rad(latA)) + Math.sin(rad(latB)));
  }
  return Math.abs((sum * RADIUS_M * RADIUS_M) / 2);
}

const CIRCLE_SIDES = 72;

/** A circle as a ring of equal distances. */
export function circleAround([lon, lat]: Place, metres: number): Place[] {
  const [reach, phi] = [metres / RADIUS_M, rad(lat)];
  return Array.from({ length: CIRCLE_SIDES }, (_, side) => {
    const way = (side * 2 * Math.PI) / CIRCLE_SIDES;
    const to = Math.asin(Math.sin(phi) * Math.cos(reach) + Math.cos(phi) * Math.sin(reach) * Math.cos(way));
    const turn = Math.atan2(
      Math.sin(way) * Math.sin(reach) * Math.cos(phi),
      Math.cos(reach) - Math.sin(phi) * Math.sin(to),
    );
    return [lon + deg(turn), deg(to)];
  });
}

export function rectangleOf([lonA, latA]: Place, [lonB, latB]: Place): Place[] {
  return [
    [lonA, latA],
    [lonB, latA],
    [lonB, latB],
    [lonA, latB],
  ];
}

export function isInside([lon, lat]: Place, ring: Ring): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [lonA, latA] = ring[at] as Place;
    const [lonB, latB] = ring[before] as Place;
    if (latA > lat !== latB > lat && lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA)
      inside = !inside;
  }
  return inside;
}

const side = (a: Place, b: Place, c: Place) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

const isCrossing = (a: Place, b: Place, c: Place, d: Place) =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** Does any part of a path lie in the ring? */
export function touches(path: Ring, ring: Ring): boolean {
  if (path.some((place) => isInside(place, ring))) return true;
  for (let at = 1; at < path.length; at += 1)
    for (let edge = 0; edge < ring.length; edge += 1) {
      const [c, d] = [ring[edge] as Place, ring[(edge + 1) % ring.length] as Place];
      if (isCrossing(path[at - 1] as Place, path[at] as Place, c, d)) return true;
    }
  return false;
}

export function boundsOfPlaces(places: Ring): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of places) {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds;
}

const column = (lon: number, zoom: number) => Math.floor(((lon + 180) / 360) * 2 ** zoom);
const row = (lat: number, zoom: number) =>
  Math.floor(((1 - Math.asinh(Math.tan(rad(lat))) / Math.PI) / 2) * 2 ** zoom);

export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

/** The tiles of a zoom that cover bounds; nothing where they would be more than `most`. */
export function tilesOver(
  [west, south, east, north]: Bounds,
  z: number,
  most: number,
): TileAddress[] | undefined {
  const [left, right, top, bottom] = [column(west, z), column(east, z), row(north, z), row(south, z)];
  if ((right - left + 1) * (bottom - top + 1) > most) return undefined;
  const tiles: TileAddress[] = [];
  for (let y = top; y <= bottom; y += 1) for (let x = left; x <= right; x += 1) tiles.push({ z, x, y });
  return tiles;
}

/** Every place of a geometry, in one list. */
export function placesOf(geometry: GeoJSON.Geometry): Place[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(placesOf);
  const depth = (geometry.coordinates as unknown[]).flat(3) as number[];
  const places: Place[] = [];
  for (let at = 0; at + 1 < depth.length; at += 2)
    places.push([depth[at] as number, depth[at + 1] as number]);
  return places;
}
