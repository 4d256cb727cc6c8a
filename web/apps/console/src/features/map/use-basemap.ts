import { useQuery } from '@tanstack/react-query';
import { basemapsQuery } from '@yiwang/api/geo-api.ts';
import type { Basemap } from '@yiwang/api/types/geo.ts';
import type { BoardBasemap } from '@yiwang/map/board/basemap.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { useEffect, useMemo, useState } from 'react';
import { useSigned } from '../../app/session.tsx';

/** The city as the pack has it: needs nobody. */
export const SCHEMATIC = 'schematic';
/** Tiles that did not come, without any that did, until the map goes back to the schematic one. */
const FAULTS_MAX = 4;

const keyOf = (person: string) => `yw.basemap.${person}`;

function stored(person: string): string {
  try {
    return localStorage.getItem(keyOf(person)) ?? SCHEMATIC;
  } catch {
    return SCHEMATIC;
  }
}

function store(person: string, code: string): void {
  try {
    localStorage.setItem(keyOf(person), code);
  } catch {
    // Without a place to keep it, it holds for this visit.
  }
}

/** A basemap with the names that lie over it, as the board draws them. */
export function drawnOf(chosen: Basemap | undefined, all: readonly Basemap[]): BoardBasemap[] {
  if (!chosen) return [];
  const labels = all.find(({ code, usable }) => usable && code === chosen.labels);
  return [chosen, ...(labels ? [labels] : [])].map((one) => ({
    code: one.code,
    tiles: one.tiles,
    content: one.content,
    minZoom: one.min_zoom,
    maxZoom: one.max_zoom,
    bounds: one.bounds ?? undefined,
    vectorLayers: one.vector_layers,
  }));
}

/** What lies under the layers: chosen by the person, remembered, and given up when its source fails. */
export function useBasemap(board: Board | undefined) {
  const { me } = useSigned();
  const { data: all = [] } = useQuery(basemapsQuery);
  const [code, setCode] = useState(() => stored(me.id));
  const [failed, setFailed] = useState<string>();
  const wanted = all.find((one) => one.code === code && one.usable && !one.overlay);
  const chosen = wanted && failed !== wanted.code ? wanted : undefined;
  // How sources answer changes all the time; what is drawn does not.
  const drawnKey = JSON.stringify(drawnOf(chosen, all));
  const drawn = useMemo(() => JSON.parse(drawnKey) as BoardBasemap[], [drawnKey]);

  useEffect(() => {
    const [first] = drawn;
    let faults = 0;
    board?.setBasemap(drawn, (source, isGood) => {
      if (source !== first?.code) return;
      faults = isGood ? 0 : faults + 1;
      if (faults >= FAULTS_MAX) setFailed(first.code);
    });
  }, [board, drawn]);

  const choose = (next: string) => {
    store(me.id, next);
    setFailed(undefined);
    setCode(next);
  };
  return { all, chosen, failed: wanted && failed === wanted.code ? wanted : undefined, choose };
}

export type BasemapState = ReturnType<typeof useBasemap>;
