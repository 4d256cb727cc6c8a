import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Camera } from '@yiwang/map/board/board.ts';
import { toBoardLayer } from '@yiwang/map/board/board-layer.ts';
import { useCallback, useMemo, useRef } from 'react';
import type { Search } from '../../app/router.tsx';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import {
  ALARMS,
  CASES,
  type Chosen,
  cameraText,
  chosenText,
  FENCES,
  formText,
  type MapForm,
  MOVING,
  opacityText,
  restacked,
  shownText,
  stacked,
  switched,
  type Tab,
  type TrailHours,
  viewOf,
} from './map-view.ts';

const CITY: Camera = { lon: 120.28, lat: 31.85, zoom: 9.5 };
const PATH = '/map';
const WORLD_PX = 512;
const MARGIN = 0.92;

/** All of the layers that are drawn at first, on a map of about this screen. */
function wholeOf(layers: readonly Layer[]): Camera {
  const all = layers.flatMap(({ bounds }) => (bounds ? [bounds] : []));
  if (all.length === 0) return CITY;
  const edge = (at: 0 | 1 | 2 | 3, pick: (...of: number[]) => number) => pick(...all.map((one) => one[at]));
  const [west, south] = [edge(0, Math.min), edge(1, Math.min)];
  const [east, north] = [edge(2, Math.max), edge(3, Math.max)];
  const isSmall = innerWidth <= 900;
  const [width, height] = isSmall ? [innerWidth, innerHeight * 0.6] : [innerWidth - 400, innerHeight - 170];
  const lat = (south + north) / 2;
  const across = (width * 360) / (Math.max(east - west, 0.01) * WORLD_PX);
  const down = (height * 360 * Math.cos((lat * Math.PI) / 180)) / (Math.max(north - south, 0.01) * WORLD_PX);
  return { lon: (west + east) / 2, lat, zoom: Math.log2(Math.min(across, down) * MARGIN) };
}

const KEYS = ['on', 'sel', 'at', 'tab', 'c', 'op', 'ord', 'trail', 'follow', 'form'] as const;

/** The address as it is looked at; the same object as long as it says the same. */
function useAddress() {
  const [search, setSearch] = useSearchParams();
  const key = JSON.stringify(Object.fromEntries(KEYS.map((name) => [name, search[name]])));
  const view = useMemo(() => viewOf(JSON.parse(key) as Search), [key]);
  const set = useCallback(
    (change: Search) => {
      // A map that still moves while its page is left must not write into the address of the next page.
      if (location.pathname === PATH) setSearch(change, { replace: true });
    },
    [setSearch],
  );
  return { view, set };
}

/** The layers that are drawn, of the city and of the console's own. */
function useShown(layers: readonly Layer[], asked: string[] | undefined): string[] {
  const { can } = useSigned();
  const seesCases = can('incident.read');
  const seesAlarms = can('alerting.read');
  const seesMoving = can('sensing.read');
  return useMemo(() => {
    const usual = () => [
      ...(seesCases ? [CASES] : []),
      ...(seesAlarms ? [ALARMS] : []),
      ...(seesMoving ? [MOVING] : []),
      ...layers.flatMap((layer) => (layer.shown ? layer.code : [])),
    ];
    return asked ?? usual();
  }, [asked, layers, seesCases, seesAlarms, seesMoving]);
}

/** The city's layers that are drawn, the one on top first, and how much of each is seen. */
function useStack(layers: readonly Layer[], shown: readonly string[], view: ReturnType<typeof viewOf>) {
  const order = useMemo(() => {
    // What the tree names later is drawn later.
    const drawn = layers.filter(({ code }) => shown.includes(code)).map(({ code }) => code);
    return stacked(drawn.reverse(), view.stack);
  }, [layers, shown, view.stack]);
  // Counts and versions change all the time; what is drawn does not.
  const drawnKey = JSON.stringify(
    [...order].reverse().flatMap((code) => {
      const layer = layers.find((one) => one.code === code);
      return layer ? [{ ...toBoardLayer(layer), opacity: (view.opacity.get(code) ?? 100) / 100 }] : [];
    }),
  );
  const boardLayers = useMemo(() => JSON.parse(drawnKey) as ReturnType<typeof toBoardLayer>[], [drawnKey]);
  return { order, boardLayers };
}

/** What is looked at, and how it is changed; all of it stands in the address. */
export function useMapView(layers: readonly Layer[]) {
  const { view, set } = useAddress();
  const shown = useShown(layers, view.shown);
  const { order, boardLayers } = useStack(layers, shown, view);
  // Where the map is, is the map's own; the address only follows it.
  const first = useRef(view.camera ?? wholeOf(layers.filter((layer) => layer.shown)));
  const setCamera = useCallback(
    (camera: Camera) => {
      first.current = camera;
      set({ c: cameraText(camera) });
    },
    [set],
  );
  const setTab = useCallback((next: Tab) => set({ tab: next === 'layers' ? undefined : next }), [set]);
  const tree = [CASES, ALARMS, MOVING, FENCES, ...layers.map((layer) => layer.code)];
  const content = (kind: Layer['content']) => layers.find((layer) => layer.content === kind)?.code;
  return {
    ...view,
    shown,
    order,
    boardLayers,
    camera: first.current,
    codes: { devices: content('devices') },
    setCamera,
    setTab,
    setAt: (next: string | undefined) => set({ at: next }),
    setChosen: (next: Chosen | undefined) =>
      set({ sel: next && chosenText(next), trail: undefined, follow: undefined, form: undefined }),
    setForm: (next: MapForm | undefined) => set({ form: next && formText(next) }),
    setTrail: (next: TrailHours | undefined) => set({ trail: next && String(next) }),
    setFollowed: (next: boolean) => set({ follow: next ? '1' : undefined }),
    setOpacity: (code: string, part: number) =>
      set({ op: opacityText(new Map(view.opacity).set(code, part)) }),
    restack: (like: readonly string[], code: string, way: 1 | -1) => {
      const moved = restacked(like, code, way);
      set({ ord: stacked(order, moved).join(',') });
    },
    switchLayer: (code: string) => set({ on: shownText(switched(shown, code, tree)) }),
  };
}

export type MapViewState = ReturnType<typeof useMapView>;
