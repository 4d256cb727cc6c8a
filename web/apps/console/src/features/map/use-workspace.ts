import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import type { Place } from '@yiwang/map/board/geodesy.ts';
import { useMoving } from '@yiwang/map/moving/use-moving.ts';
import type { InputRef } from '@yiwang/ui/controls.ts';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useFences } from './fences/use-fences.ts';
import type { Found } from './find-places.ts';
import { type Chosen, FENCES, MOVING } from './map-view.ts';
import { type Thing, thingOf } from './things.ts';
import { useBasemap } from './use-basemap.ts';
import { useLayerLive } from './use-layer-live.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useMapView } from './use-map-view.ts';
import { useMapWords } from './use-map-words.ts';
import { usePoints } from './use-points.ts';
import { useSketch } from './use-sketch.ts';
import { useTileFaults } from './use-tile-faults.ts';

const NONE: never[] = [];

/** What is on the map and beside it, and what is done with it. */
export function useWorkspace(layers: readonly Layer[]) {
  const view = useMapView(layers);
  const isPast = view.at !== undefined;
  const words = useMapWords(layers);
  const own = usePoints(view.at);
  const field = useRef<InputRef>(null);
  const [board, setBoard] = useState<Board>();
  const [inView, setInView] = useState<Drawn[]>(NONE);
  const [choices, setChoices] = useState<Drawn[]>(NONE);
  const [marked, setMarked] = useState<GeoJSON.Geometry>();
  const [placing, setPlacing] = useState<Place>();
  const [faults, addFault, forgetFaults] = useTileFaults();
  const sketch = useSketch(() => view.setTab('region'));
  const moving = useMoving(board, view.shown.includes(MOVING) && !isPast);
  const fences = useFences(board, view.shown.includes(FENCES) || view.tab === 'fences');
  const basemap = useBasemap(board);
  useLayerLive(board, isPast);
  useMapKeys(board, field);

  const byCode = useMemo(() => new Map(layers.map((layer) => [layer.code, layer])), [layers]);
  const toThing = useCallback((drawn: Drawn) => thingOf(drawn, byCode, words), [byCode, words]);
  const drawnNow = useMemo(() => inView.map(toThing), [inView, toThing]);
  return {
    ...{
      view,
      isPast,
      words,
      own,
      field,
      board,
      basemap,
      moving,
      fences,
      faults,
      sketch,
      byCode,
      toThing,
      drawnNow,
    },
    ...{ choices, setChoices, marked, setMarked, setBoard, setInView, addFault, forgetFaults },
    placing: useMemo(() => ({ place: placing, set: setPlacing }), [placing]),
  };
}

export type WorkspaceState = ReturnType<typeof useWorkspace>;

/** What choosing, finding and going to another time do. */
export function useActs(space: WorkspaceState) {
  const { view, board, moving, toThing, setChoices, setMarked, forgetFaults } = space;
  const choose = (thing: Chosen | undefined) => {
    setChoices(NONE);
    setMarked(undefined);
    view.setChosen(thing && { layer: thing.layer, id: thing.id });
  };
  const pick = (thing: Thing) => {
    if (thing.form === 'cluster') return board?.go({ ...thing, zoom: (board.camera.zoom ?? 0) + 2 });
    choose(thing);
    // It has moved on since the list was made.
    const now = thing.layer === MOVING ? moving.store.get(thing.id) : undefined;
    if (thing.form !== 'area') board?.go(now ?? { lon: thing.lon, lat: thing.lat });
  };
  const fly = (found: Found) => {
    if (!view.shown.includes(found.chosen.layer)) view.switchLayer(found.chosen.layer);
    choose(found.chosen);
    board?.go({ lon: found.lon, lat: found.lat });
  };
  const onChosen = (drawn: Drawn[]) => {
    if (drawn.length > 1) {
      choose(undefined);
      setChoices(drawn);
    } else choose(drawn[0] && toThing(drawn[0]));
  };
  const goTo = (at: string | undefined) => {
    forgetFaults();
    view.setAt(at);
  };
  return { choose, pick, fly, onChosen, goTo };
}

export type Acts = ReturnType<typeof useActs>;
