import type { Theme } from '@yiwang/tokens/tokens.ts';
import { Map as GlMap, type LngLatBoundsLike, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import 'maplibre-gl/dist/maplibre-gl.css';
import './map-host.css';
import { cityStyle } from './city-style.ts';
import { areaFeatures, boundsOf, labelFeatures, type PointFeature, pointFeatures } from './features.ts';

setWorkerUrl(workerUrl);

export interface MapHostProps {
  label: string;
  theme: Theme;
  /** Schematic areas; drawn as outlines with a name each. */
  areas?: GeoJSON.FeatureCollection | undefined;
  points?: readonly PointFeature[];
  /** The one place that is meant. */
  marker?: { lon: number; lat: number } | undefined;
  onPick?: ((position: { lon: number; lat: number }) => void) | undefined;
  onPoint?: ((id: string) => void) | undefined;
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const MARKER_ZOOM = 14;

function setSource(map: GlMap, id: string, data: GeoJSON.FeatureCollection): void {
  const source = map.getSource(id) as { setData(data: GeoJSON.FeatureCollection): void } | undefined;
  source?.setData(data);
}

/** Mounts one map and tells it what changed; React draws nothing inside. */
export default function MapHost(props: MapHostProps) {
  const { label, theme, areas, points, marker, onPick, onPoint } = props;
  const host = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<GlMap>();
  const latest = useRef({ onPick, onPoint });
  latest.current = { onPick, onPoint };

  useEffect(() => {
    if (!host.current) return;
    const gl = new GlMap({
      container: host.current,
      style: cityStyle(theme),
      center: [120.28, 31.85],
      zoom: 9.5,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      locale: { 'Map.Title': label },
    });
    gl.touchZoomRotate.disableRotation();
    gl.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    gl.on('load', () => setMap(gl));
    gl.on('click', (event) => {
      const hit = gl.getLayer('points')
        ? gl.queryRenderedFeatures(event.point, { layers: ['points'] })[0]
        : undefined;
      const id = hit?.properties.id as string | undefined;
      if (id && latest.current.onPoint) latest.current.onPoint(id);
      else latest.current.onPick?.({ lon: event.lngLat.lng, lat: event.lngLat.lat });
    });
    return () => {
      setMap(undefined);
      gl.remove();
    };
  }, [theme, label]);

  useEffect(() => {
    if (!map) return;
    setSource(map, 'areas', areas ? areaFeatures(areas) : EMPTY);
    setSource(map, 'labels', areas ? labelFeatures(areas) : EMPTY);
    const bounds = areas && boundsOf(areas);
    if (bounds) map.fitBounds(bounds as LngLatBoundsLike, { padding: 16, animate: false });
  }, [map, areas]);

  useEffect(() => {
    if (map) setSource(map, 'points', pointFeatures(points ?? []));
  }, [map, points]);

  // By value: a new object for the same place must not move a map that somebody is dragging.
  const lon = marker?.lon;
  const lat = marker?.lat;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a late `areas` fits the city first, then the place
  useEffect(() => {
    if (!map) return;
    const here = lon !== undefined && lat !== undefined;
    setSource(map, 'marker', pointFeatures(here ? [{ id: 'here', lon, lat, light: 'none' }] : []));
    const isInSight = here && map.getBounds().contains([lon, lat]);
    // Where somebody has just clicked the map stays still; a place that comes from outside is gone to.
    if (here && !(latest.current.onPick && isInSight))
      map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), MARKER_ZOOM - 2) });
  }, [map, lon, lat, areas]);

  return (
    <section
      className="yw-map"
      data-picking={onPick !== undefined}
      data-ready={map !== undefined}
      aria-label={label}
    >
      <div ref={host} className="yw-map-host" />
    </section>
  );
}
