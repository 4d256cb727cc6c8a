import type { Theme } from '@yiwang/tokens/tokens.ts';
import {
  type ErrorEvent,
  type FitBoundsOptions,
  type GeoJSONSource,
  Map as GlMap,
  Marker,
  NavigationControl,
  prewarm,
  ScaleControl,
  setWorkerUrl,
  type VectorTileSource,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { BASEMAP, type BoardBasemap, drawBasemaps } from './basemap.ts';
import { type Drawn, drawnKey, meant, onceEach } from './drawn.ts';
import { opacitiesOf } from './fade.ts';
import { type BoardFence, FENCE_SOURCE, fenceFeature } from './fence-style.ts';
import { type Bounds, boundsOfPlaces, type Place, placesOf } from './geodesy.ts';
import { type BoardLayer, groundStyle, layerStyle, sourceOf, tilesAddress } from './layer-style.ts';
import { type BoardMover, drawMovers, MOVING_SOURCE } from './moving-layer.ts';
import { type Sketch, Sketcher, sketchFeatures, type Tool } from './sketch.ts';
import { addPictures, TOP_SOURCES, topLayers } from './top-style.ts';

setWorkerUrl(workerUrl);
// The worker is there by the time that the first map asks it for something.
prewarm();

export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}

/** A case or an alarm. The higher `order` lies on top. */
export interface BoardPoint {
  id: string;
  lon: number;
  lat: number;
  picture: string;
  order: number;
  facts: Record<string, unknown>;
}

export interface BoardHandlers {
  onCamera(camera: Camera): void;
  /** What was clicked; nothing where there is nothing. */
  onChosen(drawn: Drawn[], place: Place): void;
  onInView(drawn: Drawn[]): void;
  /** Tiles of a layer that did not come since the last time it was asked for. */
  onFault(layer: string, status: number): void;
  onSketch(sketch: Sketch): void;
  onPlaced(place: Place): void;
}

export interface BoardSetting {
  theme: Theme;
  label: string;
  camera: Camera;
  /** Seen whole at first, before `camera`. */
  whole?: Bounds | undefined;
}

const WHOLE: FitBoundsOptions = { padding: 24, animate: false };
const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const HIT_PX = 4;
const NEAR_ZOOM = 15;
const CLUSTER_STEP = 2;
const DRAWN_MAX = 5_000;
const SETTLE_MS = 120;
export const ZOOM_MAX = 19;

/** One map of layers, cases and alarms; told what to show, tells what is done to it. */
export class Board {
  readonly map: GlMap;
  private readonly theme: Theme;
  private readonly handlers: BoardHandlers;
  private shown = new Map<string, { layer: BoardLayer; isShown: boolean; opacity: number }>();
  private order = '';
  private at: string | undefined;
  private sketcher: Sketcher | undefined;
  private marker: Marker | undefined;
  private isPlacing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private onBasemap: ((code: string, isGood: boolean) => void) | undefined;
  private told = '';
  /** Everything that was asked for is drawn. */
  isSettled = false;

  constructor(
    host: HTMLElement,
    setting: BoardSetting,
    handlers: BoardHandlers,
    onReady: (board: Board) => void,
  ) {
    const { theme, label, camera, whole } = setting;
    this.theme = theme;
    this.handlers = handlers;
    this.map = new GlMap({
      container: host,
      style: groundStyle(theme),
      center: [camera.lon, camera.lat],
      zoom: camera.zoom,
      ...(whole ? { bounds: whole, fitBoundsOptions: WHOLE } : {}),
      maxZoom: ZOOM_MAX,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      // Printing needs what was drawn last.
      canvasContextAttributes: { preserveDrawingBuffer: true },
      locale: { 'Map.Title': label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left');
    // Before anything is drawn, so that the first picture is of everything.
    this.map.once('style.load', () => {
      this.prepare();
      onReady(this);
    });
  }

  private prepare(): void {
    const { map, handlers } = this;
    addPictures(map, this.theme);
    for (const id of TOP_SOURCES) map.addSource(id, { type: 'geojson', data: EMPTY });
    map.addSource(MOVING_SOURCE, { type: 'geojson', data: EMPTY, promoteId: 'id' });
    // A wide way reaches far beyond the tile that it is in.
    map.addSource(FENCE_SOURCE, { type: 'geojson', data: EMPTY, buffer: 512 });
    for (const spec of topLayers(this.theme)) map.addLayer(spec);
    map.on('moveend', () => handlers.onCamera(this.camera));
    map.on('click', (event) => this.click(event.point, [event.lngLat.lng, event.lngLat.lat]));
    map.on('mousemove', (event) => {
      const isOver =
        !this.sketcher && !this.isPlacing && this.hits(event.point).some((one) => one.form !== 'area');
      map.getCanvas().style.cursor = this.sketcher || this.isPlacing ? 'crosshair' : isOver ? 'pointer' : '';
    });
    // Idle comes once all that was asked for is drawn.
    map.on('idle', () => {
      this.isSettled = true;
      // Pictures and measurements wait for it.
      map.getContainer().dataset.settledAt = performance.now().toFixed(1);
      this.tellInView();
    });
    map.on('error', (event) => this.fault(event));
    map.on('sourcedata', ({ sourceId, tile }) => {
      if (tile && sourceId?.startsWith(BASEMAP)) this.onBasemap?.(sourceId.slice(BASEMAP.length), true);
    });
  }

  private fault(event: ErrorEvent): void {
    const { sourceId, error } = event as ErrorEvent & {
      sourceId?: string;
      error: Error & { status?: number };
    };
    // That there is no tile at a place is no fault.
    if (sourceId?.startsWith(BASEMAP) && error?.status !== 404)
      this.onBasemap?.(sourceId.slice(BASEMAP.length), false);
    if (!sourceId?.startsWith('layer:')) return;
    this.handlers.onFault(sourceId.slice('layer:'.length), error?.status ?? 0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.sketcher?.stop();
    this.map.remove();
  }

  get camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  get bounds(): Bounds {
    return this.map.getBounds().toArray().flat() as Bounds;
  }

  /** Shows exactly these layers, a later one over an earlier of its kind, as they were at an instant or as they are. */
  show(layers: readonly BoardLayer[], at: string | undefined): void {
    const isOtherTime = at !== this.at;
    this.at = at;
    const wanted = new Set(layers.map((layer) => layer.code));
    for (const layer of layers) {
      if (!this.shown.has(layer.code)) this.add(layer);
      else if (isOtherTime) this.setTiles(layer.code);
      this.setShown(layer.code, true);
      this.fade(layer);
    }
    this.stack(layers);
    for (const code of this.shown.keys()) {
      if (wanted.has(code)) continue;
      if (isOtherTime) this.setTiles(code);
      this.setShown(code, false);
    }
  }

  /** Draws these under everything, and says of each tile of theirs whether it came. */
  setBasemap(basemaps: readonly BoardBasemap[], onTile: (code: string, isGood: boolean) => void): void {
    this.onBasemap = onTile;
    drawBasemaps(this.map, basemaps, this.theme);
  }

  private add(layer: BoardLayer): void {
    this.map.addSource(sourceOf(layer.code), {
      type: 'vector',
      tiles: [tilesAddress(location.origin, layer.code, this.at)],
      minzoom: layer.minZoom,
      maxzoom: layer.maxZoom,
    });
    for (const { spec, before } of layerStyle(layer, this.theme)) this.map.addLayer(spec, before);
    this.shown.set(layer.code, { layer, isShown: true, opacity: 1 });
  }

  private fade(layer: BoardLayer): void {
    const entry = this.shown.get(layer.code);
    const part = layer.opacity ?? 1;
    if (!entry || entry.opacity === part) return;
    entry.opacity = part;
    for (const { spec } of layerStyle(layer, this.theme))
      for (const [property, value] of opacitiesOf(spec, part))
        this.map.setPaintProperty(spec.id, property as 'fill-opacity', value);
  }

  /** Points stay above lines, and lines above areas. */
  private stack(layers: readonly BoardLayer[]): void {
    const order = layers.map(({ code }) => code).join();
    if (order === this.order) return;
    this.order = order;
    for (const layer of layers)
      for (const { spec, before } of layerStyle(layer, this.theme)) this.map.moveLayer(spec.id, before);
  }

  private setShown(code: string, isShown: boolean): void {
    const entry = this.shown.get(code);
    if (!entry || entry.isShown === isShown) return;
    entry.isShown = isShown;
    for (const { spec } of layerStyle(entry.layer, this.theme))
      this.map.setLayoutProperty(spec.id, 'visibility', isShown ? 'visible' : 'none');
    if (isShown) this.refresh(code);
  }

  private setTiles(code: string): void {
    const source = this.map.getSource(sourceOf(code)) as VectorTileSource | undefined;
    source?.setTiles([tilesAddress(location.origin, code, this.at)]);
  }

  /** Asks for the tiles of a layer again; what is drawn stays until they have come. */
  refresh(code: string): void {
    if (this.map.getSource(sourceOf(code))) this.map.refreshTiles(sourceOf(code));
  }

  refreshAll(): void {
    for (const [code, { isShown }] of this.shown) if (isShown) this.refresh(code);
  }

  setPoints(layer: 'cases' | 'alarms', points: readonly BoardPoint[]): void {
    this.setData(layer, {
      type: 'FeatureCollection',
      features: points.map(({ id, lon, lat, picture, order, facts }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [lon, lat] },
        properties: { ...facts, id, picture, order },
      })),
    });
  }

  setFences(fences: readonly BoardFence[]): void {
    this.setData(FENCE_SOURCE, { type: 'FeatureCollection', features: fences.map(fenceFeature) });
  }

  /** Draws what moved where it is now, and takes away what is there no longer. */
  move(changed: readonly BoardMover[], gone: readonly string[]): void {
    this.isSettled = false;
    drawMovers(this.map, changed, gone);
    // A slow screen may never come to rest while things move: the list does not wait for it.
    if (!this.map.isMoving()) this.tellInView();
  }

  setTrail(trail?: GeoJSON.FeatureCollection): void {
    this.setData('trail', trail ?? EMPTY);
  }

  mark(geometry: GeoJSON.Geometry | undefined): void {
    this.setData('marked', geometry ? { type: 'Feature', geometry, properties: {} } : EMPTY);
  }

  private setData(id: string, data: GeoJSON.GeoJSON): void {
    const source = this.map.getSource(id) as GeoJSONSource | undefined;
    void source?.setData(data);
  }

  /** Begins to draw with a tool, or ends it. */
  use(tool: Tool | undefined): void {
    this.sketcher?.stop();
    this.sketcher = undefined;
    this.setData('sketch', EMPTY);
    this.map.getCanvas().style.cursor = tool ? 'crosshair' : '';
    if (tool)
      this.sketcher = new Sketcher(this.map, tool, (sketch) => {
        this.setData('sketch', sketchFeatures(sketch));
        this.handlers.onSketch(sketch);
      });
  }

  /** Lets a place be given by a click or by dragging a pin. Without a place it ends. */
  place(at: Place | undefined): void {
    this.isPlacing = at !== undefined;
    if (!at) {
      this.marker?.remove();
      this.marker = undefined;
    } else if (this.marker) {
      this.marker.setLngLat(at);
    } else {
      const marker = new Marker({ draggable: true, color: '#a84507' }).setLngLat(at).addTo(this.map);
      marker.on('dragend', () => {
        const { lng, lat } = marker.getLngLat();
        this.handlers.onPlaced([lng, lat]);
      });
      this.marker = marker;
    }
  }

  private layerIds(): string[] {
    const parts = [':fill', ':line', ':cluster', ':point'];
    const own = [...this.shown].flatMap(([code, { isShown }]) =>
      isShown ? parts.map((part) => code + part) : [],
    );
    return [...own, 'cases', 'alarms', 'moving', 'fences:fill', 'fences:line'].filter((id) =>
      this.map.getLayer(id),
    );
  }

  private hits({ x, y }: { x: number; y: number }): Drawn[] {
    const box: [[number, number], [number, number]] = [
      [x - HIT_PX, y - HIT_PX],
      [x + HIT_PX, y + HIT_PX],
    ];
    return meant(onceEach(this.map.queryRenderedFeatures(box, { layers: this.layerIds() })));
  }

  private click(point: { x: number; y: number }, place: Place): void {
    if (this.sketcher) return;
    if (this.isPlacing) {
      this.handlers.onPlaced(place);
      return;
    }
    const hits = this.hits(point);
    const single = hits.filter((one) => one.form !== 'cluster');
    const [cluster] = hits;
    if (single.length === 0 && cluster) this.open(cluster);
    else this.handlers.onChosen(single, place);
  }

  /** Goes nearer to what is drawn as one, until it comes apart. */
  open(cluster: Drawn): void {
    this.go({ lon: cluster.lon, lat: cluster.lat, zoom: this.map.getZoom() + CLUSTER_STEP });
  }

  go(camera: Partial<Camera> & { lon: number; lat: number }): void {
    const zoom = Math.min(camera.zoom ?? Math.max(this.map.getZoom(), NEAR_ZOOM), ZOOM_MAX);
    this.map.easeTo({ center: [camera.lon, camera.lat], zoom, duration: 500 });
  }

  /** Stays as near as it is, its middle where something has moved to. */
  follow({ lon, lat }: { lon: number; lat: number }): void {
    this.map.easeTo({ center: [lon, lat], duration: 400 });
  }

  /** Calls once somebody takes the map in their own hands, until the returned function is called. */
  onHand(call: () => void): () => void {
    this.map.on('dragstart', call);
    return () => this.map.off('dragstart', call);
  }

  jump({ lon, lat, zoom }: Camera): void {
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** Shows all of a geometry. */
  fit(geometry: GeoJSON.Geometry): void {
    const places = placesOf(geometry);
    const [only] = places;
    if (places.length === 1 && only) this.go({ lon: only[0], lat: only[1] });
    else if (places.length > 1) this.fitBounds(boundsOfPlaces(places));
  }

  fitBounds(bounds: Bounds): void {
    this.map.fitBounds(bounds, { padding: 60, duration: 500, maxZoom: NEAR_ZOOM + 1 });
  }

  /** Shows all of it, at once and without going nearer step by step. */
  showWhole(bounds: Bounds): void {
    this.map.fitBounds(bounds, WHOLE);
  }

  private tellInView(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const layers = this.layerIds();
      const found = layers.length > 0 ? this.map.queryRenderedFeatures({ layers }) : [];
      const inView = onceEach(found).slice(0, DRAWN_MAX);
      // What only moves is in the list already.
      const key = drawnKey(inView);
      if (key === this.told) return;
      this.told = key;
      this.handlers.onInView(inView);
    }, SETTLE_MS);
  }
}
