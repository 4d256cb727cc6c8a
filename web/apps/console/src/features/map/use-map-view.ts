import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Camera } from '@yiwang/map/board/board.ts';
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
  shownText,
  switched,
  type Tab,
  viewOf,
} from './map-view.ts';
import { toBoardLayer } from './things.ts';

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

/** What is looked at, and how it is changed; all of it stands in the address. */
export function useMapView(layers: readonly Layer[]) {
  const [search, setSearch] = useSearchParams();
  const { can } = useSigned();
  const { on, sel, at, tab, c } = search;
  const view = useMemo(() => viewOf({ on, sel, at, tab, c }), [on, sel, at, tab, c]);
  const order = useMemo(() => [CASES, ALARMS, ...layers.map((layer) => layer.code)], [layers]);
  const seesCases = can('incident.read');
  const seesAlarms = can('alerting.read');
  const shown = useMemo(() => {
    const usual = () => [
      ...(seesCases ? [CASES] : []),
      ...(seesAlarms ? [ALARMS] : []),
      ...layers.flatMap((layer) => (layer.shown ? layer.code : [])),
    ];
    return view.shown ?? usual();
  }, [view.shown, layers, seesCases, seesAlarms]);
  // Counts and versions change all the time; what is drawn does not.
  const drawnKey = JSON.stringify(layers.filter(({ code }) => shown.includes(code)).map(toBoardLayer));
  const boardLayers = useMemo(() => JSON.parse(drawnKey) as ReturnType<typeof toBoardLayer>[], [drawnKey]);
  // Where the map is, is the map's own; the address only follows it.
  const first = useRef(view.camera ?? wholeOf(layers.filter((layer) => layer.shown)));
  const set = useCallback(
    (change: Search) => {
      // A map that still moves while its page is left must not write into the address of the next page.
      if (location.pathname === PATH) setSearch(change, { replace: true });
    },
    [setSearch],
  );
  const setCamera = useCallback(
    (camera: Camera) => {
      first.current = camera;
      set({ c: cameraText(camera) });
    },
    [set],
  );
  const setTab = useCallback((next: Tab) => set({ tab: next === 'layers' ? undefined : next }), [set]);
  const content = (kind: Layer['content']) => layers.find((layer) => layer.content === kind)?.code;
  return {
    shown,
    boardLayers,
    camera: first.current,
    chosen: view.chosen,
    at: view.at,
    tab: view.tab,
    codes: { devices: content('devices') },
    setCamera,
    setTab,
    setAt: (next: string | undefined) => set({ at: next }),
    setChosen: (next: Chosen | undefined) => set({ sel: next && chosenText(next) }),
    switchLayer: (code: string) => set({ on: shownText(switched(shown, code, order)) }),
  };
}

export type MapViewState = ReturnType<typeof useMapView>;
