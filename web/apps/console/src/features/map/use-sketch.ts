import type { Place } from '@yiwang/map/board/geodesy.ts';
import type { Sketch, Tool } from '@yiwang/map/board/sketch.ts';
import { useCallback, useState } from 'react';

const IS_SELECTING: ReadonlySet<Tool> = new Set(['rectangle', 'polygon', 'circle']);

/** A form's way of letting something be drawn on the map. */
export interface Drawing {
  /** What is being drawn for a form. */
  tool: Tool | undefined;
  begin(tool: Tool, take: (sketch: Sketch) => void): void;
  end(): void;
}

interface InHand {
  tool: Tool;
  /** Of a form; without it the tool measures or selects. */
  take?: (sketch: Sketch) => void;
}

/** What is being measured, selected or drawn. */
export function useSketch(onRegion: () => void) {
  const [inHand, setInHand] = useState<InHand>();
  const [sketch, setSketch] = useState<Sketch>();
  const [ring, setRing] = useState<Place[]>();
  const take = useCallback((next: InHand | undefined) => {
    setInHand(next);
    setSketch(undefined);
  }, []);
  const use = (tool: Tool | undefined) => {
    take(tool && { tool });
    setRing(undefined);
  };
  const draw = (next: Sketch) => {
    setSketch(next);
    if (inHand?.take) {
      if (!next.isDone) return;
      inHand.take(next);
      take(undefined);
      return;
    }
    const isRegion = next.isDone && IS_SELECTING.has(next.tool);
    setRing(isRegion ? next.ring : undefined);
    if (isRegion) onRegion();
  };
  const begin = useCallback(
    (tool: Tool, form: (sketch: Sketch) => void) => take({ tool, take: form }),
    [take],
  );
  const end = useCallback(() => take(undefined), [take]);
  const drawing: Drawing = { tool: inHand?.take && inHand.tool, begin, end };
  return { tool: inHand?.tool, sketch, ring, use, draw, drawing };
}
