import { useCallback, useState } from 'react';

type Faults = [
  faults: ReadonlyMap<string, number>,
  add: (layer: string, status: number) => void,
  forget: () => void,
];

/** Tiles that did not come, by layer. */
export function useTileFaults(): Faults {
  const [faults, setFaults] = useState<ReadonlyMap<string, number>>(new Map());
  const add = useCallback((layer: string, status: number) => {
    // That a time is not kept is said by the banner of the past.
    if (status === 422) return;
    setFaults((old) => new Map(old).set(layer, (old.get(layer) ?? 0) + 1));
  }, []);
  const forget = useCallback(() => setFaults((old) => (old.size > 0 ? new Map() : old)), []);
  return [faults, add, forget];
}
