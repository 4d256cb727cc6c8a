import type { Moving, MovingAnswer } from '@yiwang/api/types/moving.ts';
import type { MoverState } from '../board/moving-layer.ts';

/** More than this are not kept: those that were heard of longest ago go first. */
export const MOVERS_MAX = 20_000;
/** What was not heard of for so long may be somewhere else by now. */
export const OLD_MS = 5 * 60_000;
const STANDING_KMH = 3;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

export function stateOf({ at, speed_kmh }: Moving, now: number): MoverState {
  if (now - Date.parse(at) > OLD_MS) return 'old';
  return (speed_kmh ?? STANDING_KMH) < STANDING_KMH ? 'standing' : 'moving';
}

/** Changes only when the words for the age do: by the minute, and by the hour once it is hours. */
const ageStep = ({ at }: Moving, now: number): number => {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS));
  return minutes < HOUR_MINUTES ? minutes : Math.floor(minutes / HOUR_MINUTES) * HOUR_MINUTES;
};

export interface MoverChanges {
  changed: Moving[];
  gone: string[];
}

/** Where everything is that moves, and what of it the map does not show yet. Nothing here is React's. */
export class MoverStore {
  private readonly kept = new Map<string, Moving>();
  private readonly steps = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly gone = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private seenNow: Set<string> | undefined;
  private most: number;

  constructor(most = MOVERS_MAX) {
    this.most = most;
  }

  get size(): number {
    return this.kept.size;
  }

  readonly get = (device: string): Moving | undefined => this.kept.get(device);

  /** From now on everything is told anew: what is not told until `endWhole` is there no longer, or not to be seen. */
  beginWhole(): void {
    this.seenNow = new Set();
  }

  endWhole(): void {
    const seen = this.seenNow;
    this.seenNow = undefined;
    if (seen) for (const device of this.kept.keys()) if (!seen.has(device)) this.drop(device);
  }

  take({ moved }: MovingAnswer): void {
    for (const one of moved) {
      this.seenNow?.add(one.device);
      // The last that was heard of is the last of the map.
      this.kept.delete(one.device);
      this.kept.set(one.device, one);
      this.changed.add(one.device);
      this.gone.delete(one.device);
    }
    for (const device of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.drop(device);
    }
  }

  private drop(device: string): void {
    this.kept.delete(device);
    this.steps.delete(device);
    this.changed.delete(device);
    this.gone.add(device);
  }

  clear(): void {
    for (const device of [...this.kept.keys()]) this.drop(device);
  }

  /** A new map shows nothing yet. */
  redraw(): void {
    for (const device of this.kept.keys()) this.changed.add(device);
  }

  /** What the map has to draw, also because it has grown older; asked for once. */
  changes(now: number): MoverChanges {
    for (const [device, one] of this.kept)
      if (this.steps.get(device) !== ageStep(one, now)) this.changed.add(device);
    const changed = [...this.changed].flatMap((device) => this.kept.get(device) ?? []);
    for (const one of changed) this.steps.set(one.device, ageStep(one, now));
    const gone = [...this.gone];
    this.changed.clear();
    this.gone.clear();
    if (changed.length + gone.length > 0) for (const watcher of this.watchers) watcher();
    return { changed, gone };
  }

  /** Calls whenever something was drawn, until the returned function is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
}
