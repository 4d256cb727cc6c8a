import type { Theme } from '@yiwang/tokens/tokens.ts';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import 'maplibre-gl/dist/maplibre-gl.css';
import '../map-host.css';
import './map-board.css';
import { Board, type BoardHandlers, type BoardPoint, type Camera } from './board.ts';
import type { Bounds, Place } from './geodesy.ts';
import type { BoardLayer } from './layer-style.ts';
import type { Tool } from './sketch.ts';

export interface MapBoardProps extends BoardHandlers {
  label: string;
  theme: Theme;
  /** Where it begins; afterwards the board says where it is. */
  camera: Camera;
  /** Where it begins so that all of this is seen, before `camera`. */
  whole?: Bounds | undefined;
  layers: readonly BoardLayer[];
  at: string | undefined;
  cases: readonly BoardPoint[];
  alarms: readonly BoardPoint[];
  marked: GeoJSON.Geometry | undefined;
  tool: Tool | undefined;
  placing: Place | undefined;
  onBoard(board: Board | undefined): void;
}

/** Mounts one board and tells it what changed; React draws nothing inside. */
export default function MapBoard(props: MapBoardProps) {
  const { label, theme, layers, at, cases, alarms, marked, tool, placing } = props;
  const host = useRef<HTMLDivElement>(null);
  const [board, setBoard] = useState<Board>();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const handlers: BoardHandlers = {
      onCamera: (camera) => latest.current.onCamera(camera),
      onChosen: (drawn, place) => latest.current.onChosen(drawn, place),
      onInView: (drawn) => latest.current.onInView(drawn),
      onFault: (layer, status) => latest.current.onFault(layer, status),
      onSketch: (sketch) => latest.current.onSketch(sketch),
      onPlaced: (place) => latest.current.onPlaced(place),
    };
    let made: Board | undefined;
    let isGone = false;
    const begin = () => {
      if (isGone || !host.current) return;
      const { camera, whole } = latest.current;
      made = new Board(host.current, { theme, label, camera, whole }, handlers, (ready) => {
        // At once, so that the first picture has everything on it and the map does not rest before.
        flushSync(() => setBoard(ready));
        latest.current.onBoard(ready);
      });
    };
    // A map takes long to begin: the rest of the page is painted, and what it asks the server for is asked, before.
    requestAnimationFrame(() => setTimeout(begin));
    return () => {
      isGone = true;
      setBoard(undefined);
      latest.current.onBoard(undefined);
      made?.stop();
    };
  }, [theme, label]);

  // What the page says is there is given to the map in the same turn.
  useLayoutEffect(() => board?.show(layers, at), [board, layers, at]);
  useLayoutEffect(() => board?.setPoints('cases', cases), [board, cases]);
  useLayoutEffect(() => board?.setPoints('alarms', alarms), [board, alarms]);
  useEffect(() => board?.mark(marked), [board, marked]);
  useEffect(() => board?.use(tool), [board, tool]);
  useEffect(() => board?.place(placing), [board, placing]);

  return (
    <section
      className="yw-map yw-board"
      data-picking={tool !== undefined || placing !== undefined}
      data-ready={board !== undefined}
      aria-label={label}
    >
      <div ref={host} className="yw-map-host" />
      {tool && <div className="yw-board-middle" aria-hidden="true" />}
    </section>
  );
}
