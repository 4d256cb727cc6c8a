import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { MapBoardProps } from './map-board.tsx';

type Drawn = ComponentType<MapBoardProps>;

let known: Drawn | undefined;

/** Fetches the board's code; a board that is mounted afterwards has it at once. */
export async function fetchBoard(): Promise<Drawn> {
  known = (await import('./map-board.tsx')).default;
  return known;
}

/**
 * The board, once its code is there; `waiting` until then. Unlike `lazy` it is not held back for a third of a second after
 * something else has appeared, and code that did not come is asked for again when it is mounted anew.
 */
export function LateBoard({ waiting, ...props }: MapBoardProps & { waiting?: ReactNode }) {
  const [Board, setBoard] = useState(() => known);
  const [fault, setFault] = useState<unknown>();
  useEffect(() => {
    if (!Board) fetchBoard().then((come) => setBoard(() => come), setFault);
  }, [Board]);
  if (fault) throw fault;
  return Board ? <Board {...props} /> : waiting;
}
