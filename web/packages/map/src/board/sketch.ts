import type { Map as GlMap, MapMouseEvent } from 'maplibre-gl';
import { circleAround, distance, type Place, rectangleOf } from './geodesy.ts';

export const TOOLS = ['distance', 'area', 'rectangle', 'polygon', 'circle'] as const;
export type Tool = (typeof TOOLS)[number];

export interface Sketch {
  tool: Tool;
  /** The corners that were set; the last may still follow the pointer. */
  path: Place[];
  /** What is enclosed, where the tool encloses something. */
  ring: Place[] | undefined;
  isDone: boolean;
}

const DRAGGED_PX = 6;
const isSpan = (tool: Tool) => tool === 'rectangle' || tool === 'circle';

/** What corners mean for a tool. */
export function sketchOf(tool: Tool, path: Place[], isDone: boolean): Sketch {
  const [first, second] = path;
  if (tool === 'distance' || !first || !second) return { tool, path, ring: undefined, isDone };
  if (tool === 'rectangle') return { tool, path, ring: rectangleOf(first, second), isDone };
  if (tool === 'circle') return { tool, path, ring: circleAround(first, distance(first, second)), isDone };
  return { tool, path, ring: path.length > 2 ? path : undefined, isDone };
}

export function sketchFeatures({ tool, path, ring }: Sketch): GeoJSON.FeatureCollection {
  const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({
    type: 'Feature',
    geometry,
    properties: {},
  });
  const features = path.map((place) => feature({ type: 'Point', coordinates: place }));
  if (ring) features.push(feature({ type: 'Polygon', coordinates: [[...ring, ring[0] as Place]] }));
  else if (path.length > 1) features.push(feature({ type: 'LineString', coordinates: path }));
  if (tool === 'circle' && path.length > 1)
    features.push(feature({ type: 'LineString', coordinates: path.slice(0, 2) }));
  return { type: 'FeatureCollection', features };
}

/** Takes corners by pointer or by keys (Enter sets one in the middle of the map), until the tool has what it needs. */
export class Sketcher {
  private readonly map: GlMap;
  private readonly tool: Tool;
  private readonly tell: (sketch: Sketch) => void;
  private path: Place[] = [];
  private pressed: { x: number; y: number } | undefined;
  private isDone = false;

  constructor(map: GlMap, tool: Tool, tell: (sketch: Sketch) => void) {
    this.map = map;
    this.tool = tool;
    this.tell = tell;
    map.doubleClickZoom.disable();
    if (isSpan(tool)) map.dragPan.disable();
    map.on('click', this.onClick);
    map.on('mousedown', this.onDown);
    map.on('mouseup', this.onUp);
    map.on('mousemove', this.onMove);
    map.on('dblclick', this.onDouble);
    map.getCanvas().addEventListener('keydown', this.onKey);
  }

  stop(): void {
    const { map } = this;
    map.doubleClickZoom.enable();
    map.dragPan.enable();
    map.off('click', this.onClick);
    map.off('mousedown', this.onDown);
    map.off('mouseup', this.onUp);
    map.off('mousemove', this.onMove);
    map.off('dblclick', this.onDouble);
    map.getCanvas().removeEventListener('keydown', this.onKey);
  }

  private say(path: Place[]): void {
    this.tell(sketchOf(this.tool, path, this.isDone));
  }

  private add(place: Place): void {
    if (this.isDone) {
      this.path = [];
      this.isDone = false;
    }
    this.path.push(place);
    if (isSpan(this.tool) && this.path.length === 2) this.isDone = true;
    this.say([...this.path]);
  }

  private finish(): void {
    if (this.path.length < (this.tool === 'distance' ? 2 : 3)) return;
    this.isDone = true;
    this.say([...this.path]);
  }

  private readonly onClick = (event: MapMouseEvent) => {
    const last = this.path.at(-1);
    const place: Place = [event.lngLat.lng, event.lngLat.lat];
    // The second click of a double one stands where the first one did.
    if (last && !this.isDone && this.near(last, event)) return;
    this.add(place);
  };

  private near([lon, lat]: Place, event: MapMouseEvent): boolean {
    const at = this.map.project([lon, lat]);
    return Math.hypot(at.x - event.point.x, at.y - event.point.y) < DRAGGED_PX;
  }

  private readonly onDouble = (event: MapMouseEvent) => {
    event.preventDefault();
    if (!isSpan(this.tool)) this.finish();
  };

  private readonly onDown = (event: MapMouseEvent) => {
    if (isSpan(this.tool)) this.pressed = { x: event.point.x, y: event.point.y };
  };

  private readonly onUp = (event: MapMouseEvent) => {
    const from = this.pressed;
    this.pressed = undefined;
    if (!from || Math.hypot(event.point.x - from.x, event.point.y - from.y) < DRAGGED_PX) return;
    const start = this.map.unproject([from.x, from.y]);
    this.path = [];
    this.isDone = false;
    this.add([start.lng, start.lat]);
    this.add([event.lngLat.lng, event.lngLat.lat]);
  };

  private readonly onMove = (event: MapMouseEvent) => {
    const here: Place = [event.lngLat.lng, event.lngLat.lat];
    if (this.pressed) {
      const start = this.map.unproject([this.pressed.x, this.pressed.y]);
      this.tell(sketchOf(this.tool, [[start.lng, start.lat], here], false));
    } else if (this.path.length > 0 && !this.isDone) {
      this.say([...this.path, here]);
    }
  };

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      const { lng, lat } = this.map.getCenter();
      if (event.ctrlKey || event.metaKey) this.finish();
      else this.add([lng, lat]);
    } else if (event.key === 'Backspace' && !this.isDone) {
      this.path.pop();
      this.say([...this.path]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
