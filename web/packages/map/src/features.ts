/** A point to draw, coloured by its light. */
export interface PointFeature {
  id: string;
  lon: number;
  lat: number;
  light: string;
}

type Ring = GeoJSON.Position[];

const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features,
});

const pointAt = (coordinates: GeoJSON.Position, properties: Record<string, unknown>): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties,
});

export function pointFeatures(points: readonly PointFeature[]): GeoJSON.FeatureCollection {
  return collection(points.map(({ id, lon, lat, light }) => pointAt([lon, lat], { id, light })));
}

function outerRings(geometry: GeoJSON.Geometry): Ring[] {
  if (geometry.type === 'Polygon') return geometry.coordinates.slice(0, 1);
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
  return [];
}

/** Only what has an outline; the name points have their own source. */
export function areaFeatures(areas: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  return collection(areas.features.filter((feature) => outerRings(feature.geometry).length > 0));
}

/** One name point per area; polygons would repeat theirs in each tile. */
export function labelFeatures(areas: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const labels: GeoJSON.Feature[] = [];
  for (const feature of areas.features) {
    const name = feature.properties?.name as unknown;
    if (typeof name !== 'string') continue;
    const at = labelPoint(feature);
    if (at) labels.push(pointAt(at, { name }));
  }
  return collection(labels);
}

function labelPoint(feature: GeoJSON.Feature): GeoJSON.Position | undefined {
  const label = feature.properties?.label as { lon?: number; lat?: number } | number[] | undefined;
  if (Array.isArray(label)) return label;
  if (label && typeof label.lon === 'number' && typeof label.lat === 'number') return [label.lon, label.lat];
  if (feature.geometry.type === 'Point') return feature.geometry.coordinates;
  const ring = outerRings(feature.geometry)[0];
  if (!ring?.length) return undefined;
  const sum = ring.reduce(([x, y], [lon, lat]) => [x + (lon ?? 0), y + (lat ?? 0)] as const, [
    0, 0,
  ] as readonly [number, number]);
  return [sum[0] / ring.length, sum[1] / ring.length];
}

/** West-south and east-north corners of everything outlined. */
export function boundsOf(areas: GeoJSON.FeatureCollection): [[number, number], [number, number]] | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of areas.features) {
    for (const ring of outerRings(feature.geometry)) {
      for (const [lon = 0, lat = 0] of ring) {
        west = Math.min(west, lon);
        east = Math.max(east, lon);
        south = Math.min(south, lat);
        north = Math.max(north, lat);
      }
    }
  }
  return west < east
    ? [
        [west, south],
        [east, north],
      ]
    : undefined;
}
