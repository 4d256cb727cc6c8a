import type { Trail, TrailPoint } from '@yiwang/api/types/moving.ts';
import type { TrailHours } from '../map-view.ts';

const MINUTE_MS = 60_000;
/** How far apart times are written along the way. */
const TICK_MS: Record<TrailHours, number> = { 1: 5 * MINUTE_MS, 4: 20 * MINUTE_MS, 24: 120 * MINUTE_MS };

/** Where it was at a round time. */
export interface TrailTick {
  at: number;
  lon: number;
  lat: number;
  kmh: number | undefined;
}

const timeOf = (trail: Trail, [, , seconds]: TrailPoint) => Date.parse(trail.from) + seconds * 1000;

/** A round time lies between two fixes: it was about as far between them. */
function between(trail: Trail, before: TrailPoint, after: TrailPoint, at: number): TrailTick {
  const [from, to] = [timeOf(trail, before), timeOf(trail, after)];
  const part = to > from ? (at - from) / (to - from) : 0;
  return {
    at,
    lon: before[0] + (after[0] - before[0]) * part,
    lat: before[1] + (after[1] - before[1]) * part,
    kmh: after[3] ?? undefined,
  };
}

/** Round times along the ways, and when each of them began. */
export function ticksOf(trails: readonly Trail[], hours: TrailHours): TrailTick[] {
  const step = TICK_MS[hours];
  const ticks: TrailTick[] = [];
  for (const trail of trails) {
    const [first] = trail.points;
    if (!first) continue;
    const start = timeOf(trail, first);
    ticks.push({ at: start, lon: first[0], lat: first[1], kmh: first[3] ?? undefined });
    let next = Math.floor(start / step) * step + step;
    trail.points.forEach((after, index) => {
      const before = trail.points[index - 1];
      for (; before && next <= timeOf(trail, after); next += step)
        ticks.push(between(trail, before, after, next));
    });
  }
  return ticks;
}

const point = (lon: number, lat: number, properties: Record<string, unknown>): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties,
});

/** The ways with times and stops, in words that the map writes. */
export function trailFeatures(
  trails: readonly Trail[],
  ticks: readonly TrailTick[],
  words: { time(at: number): string; stop(from: string, until: string): string },
): GeoJSON.FeatureCollection {
  const ways = trails
    .filter(({ points }) => points.length > 1)
    .map(
      ({ points }): GeoJSON.Feature => ({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: points.map(([lon, lat]) => [lon, lat]) },
        properties: {},
      }),
    );
  const times = ticks.map(({ at, lon, lat }) => point(lon, lat, { what: 'time', label: words.time(at) }));
  const stops = trails.flatMap((trail) =>
    trail.stops.map(({ lon, lat, from, until }) =>
      point(lon, lat, { what: 'stop', label: words.stop(from, until) }),
    ),
  );
  return { type: 'FeatureCollection', features: [...ways, ...times, ...stops] };
}
