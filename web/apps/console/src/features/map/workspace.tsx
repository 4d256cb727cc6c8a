import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import type { Place } from '@yiwang/map/board/geodesy.ts';
import type { Sketch, Tool } from '@yiwang/map/board/sketch.ts';
import type { InputRef } from '@yiwang/ui/controls.ts';
import { Boundary, Fault, Loading } from '@yiwang/ui/states.tsx';
import { useTheme } from '@yiwang/ui/theme-provider.tsx';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { BasemapNote } from './basemap-choice.tsx';
import { Card } from './card.tsx';
import { Choices } from './choices.tsx';
import type { Found } from './find-places.ts';
import { MapPanels } from './map-panels.tsx';
import { ALARMS, CASES } from './map-view.ts';
import { PastBanner } from './past-banner.tsx';
import { PrintHead } from './print-head.tsx';
import { SearchBox } from './search-box.tsx';
import { type Thing, thingOf } from './things.ts';
import { TimeBar } from './time-bar.tsx';
import { Readout, ToolsBar } from './tools-bar.tsx';
import { useBasemap } from './use-basemap.ts';
import { useLayerLive } from './use-layer-live.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useMapView } from './use-map-view.ts';
import { useMapWords } from './use-map-words.ts';
import { usePoints } from './use-points.ts';

const MapBoard = lazy(() => import('@yiwang/map/board/map-board.tsx'));
const NONE: never[] = [];
const IS_SELECTING: ReadonlySet<Tool> = new Set(['rectangle', 'polygon', 'circle']);

/** Panels, map, card and time, and what they tell each other. */
export function Workspace({ layers }: { layers: readonly Layer[] }) {
  const t = useT();
  const { theme } = useTheme();
  const view = useMapView(layers);
  const { shown, at, chosen } = view;
  const words = useMapWords(layers);
  const own = usePoints(at !== undefined);
  const field = useRef<InputRef>(null);
  const [board, setBoard] = useState<Board>();
  const [inView, setInView] = useState<Drawn[]>(NONE);
  const [choices, setChoices] = useState<Drawn[]>(NONE);
  const [marked, setMarked] = useState<GeoJSON.Geometry>();
  const [placing, setPlacing] = useState<Place>();
  const [faults, addFault, forgetFaults] = useFaults();
  const { tool, sketch, ring, use, draw } = useSketch(() => view.setTab('region'));
  useLayerLive(board, at !== undefined);
  const basemap = useBasemap(board);
  useMapKeys(board, field);

  const byCode = useMemo(() => new Map(layers.map((layer) => [layer.code, layer])), [layers]);
  const toThing = useCallback((drawn: Drawn) => thingOf(drawn, byCode, words), [byCode, words]);
  const drawnNow = useMemo(() => inView.map(toThing), [inView, toThing]);

  const choose = (thing: Pick<Thing, 'layer' | 'id'> | undefined) => {
    setChoices(NONE);
    setMarked(undefined);
    view.setChosen(thing && { layer: thing.layer, id: thing.id });
  };
  const pick = (thing: Thing) => {
    if (thing.form === 'cluster') return board?.go({ ...thing, zoom: (board.camera.zoom ?? 0) + 2 });
    choose(thing);
    if (thing.form !== 'area') board?.go({ lon: thing.lon, lat: thing.lat });
  };
  const fly = (found: Found) => {
    if (!shown.includes(found.chosen.layer)) view.switchLayer(found.chosen.layer);
    choose(found.chosen);
    board?.go({ lon: found.lon, lat: found.lat });
  };
  const onChosen = (drawn: Drawn[]) => {
    if (drawn.length > 1) {
      choose(undefined);
      setChoices(drawn);
    } else choose(drawn[0] && toThing(drawn[0]));
  };
  const goTo = (next: string | undefined) => {
    forgetFaults();
    view.setAt(next);
  };
  const hasCard = chosen !== undefined || choices.length > 0;

  return (
    <div className="map-workspace" data-card={hasCard}>
      <MapPanels
        {...{ layers, view, own, words, faults, ring, drawnNow, basemap }}
        onPick={pick}
        onAll={(layer) => layer.bounds && board?.fitBounds(layer.bounds)}
      />
      <div className="map-middle">
        <div className="map-head">
          <SearchBox
            {...{ field, words }}
            inView={drawnNow}
            isPast={at !== undefined}
            codes={view.codes}
            onFound={fly}
          />
          <ToolsBar tool={tool} onTool={use} />
        </div>
        {at && (
          <PastBanner
            at={at}
            shown={shown.filter((code) => byCode.has(code))}
            words={words}
            onNow={() => goTo(undefined)}
          />
        )}
        {faults.size > 0 && (
          <div className="map-faults" role="status">
            {t('map.faults', { layers: [...faults.keys()].map(words.layer).join('、') })}
            <button
              type="button"
              className="link-button"
              onClick={() => {
                forgetFaults();
                board?.refreshAll();
              }}
            >
              {t('shell.states.retry')}
            </button>
          </div>
        )}
        {own.fault ? <Fault fault={own.fault} /> : null}
        <div className="map-canvas">
          <PrintHead at={at} shown={shown} words={words} />
          <Boundary>
            <Suspense fallback={<Loading />}>
              <MapBoard
                label={t('map.label')}
                theme={theme}
                camera={view.camera}
                layers={view.boardLayers}
                at={at}
                cases={shown.includes(CASES) ? own.cases : NONE}
                alarms={shown.includes(ALARMS) ? own.alarms : NONE}
                marked={hasCard ? marked : undefined}
                tool={tool}
                placing={placing}
                onBoard={setBoard}
                onCamera={view.setCamera}
                onChosen={onChosen}
                onInView={setInView}
                onFault={addFault}
                onSketch={draw}
                onPlaced={setPlacing}
              />
            </Suspense>
          </Boundary>
          {tool && <Readout tool={tool} sketch={sketch} onEnd={() => use(undefined)} />}
          <BasemapNote {...basemap} />
        </div>
        <TimeBar at={at} onAt={goTo} />
      </div>
      {choices.length > 0 && (
        <Choices
          things={choices.map(toThing)}
          words={words}
          onPick={(thing) => choose(thing)}
          onClose={() => setChoices(NONE)}
        />
      )}
      {chosen && choices.length === 0 && (
        <Card
          key={`${chosen.layer}:${chosen.id}`}
          {...{ chosen, byCode, at, words }}
          placing={{ place: placing, set: setPlacing }}
          onMark={setMarked}
          onClose={() => choose(undefined)}
        />
      )}
    </div>
  );
}

function useFaults(): [ReadonlyMap<string, number>, (layer: string, status: number) => void, () => void] {
  const [faults, setFaults] = useState<ReadonlyMap<string, number>>(new Map());
  const add = useCallback((layer: string, status: number) => {
    // That a time is not kept is said by the banner of the past.
    if (status === 422) return;
    setFaults((old) => new Map(old).set(layer, (old.get(layer) ?? 0) + 1));
  }, []);
  const forget = useCallback(() => setFaults((old) => (old.size > 0 ? new Map() : old)), []);
  return [faults, add, forget];
}

function useSketch(onRegion: () => void) {
  const [tool, setTool] = useState<Tool>();
  const [sketch, setSketch] = useState<Sketch>();
  const [ring, setRing] = useState<Place[]>();
  const use = (next: Tool | undefined) => {
    setTool(next);
    setSketch(undefined);
    setRing(undefined);
  };
  const draw = (next: Sketch) => {
    setSketch(next);
    const isRegion = next.isDone && IS_SELECTING.has(next.tool);
    setRing(isRegion ? next.ring : undefined);
    if (isRegion) onRegion();
  };
  return { tool, sketch, ring, use, draw };
}
