import type { Place } from '@yiwang/map/board/geodesy.ts';

/** A place that is being picked on the map. */
export interface Placing {
  place: Place | undefined;
  set(place: Place | undefined): void;
}
