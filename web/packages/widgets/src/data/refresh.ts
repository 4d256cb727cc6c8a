import { wallKeys } from './keys.ts';

type Key = readonly string[];

/** What is read again when an event tells of a change. */
export function keysOf(kind: string): readonly Key[] {
  if (kind.startsWith('incident.') || kind.startsWith('task.')) return [wallKeys.cases];
  if (kind.startsWith('alarm.')) return [wallKeys.alarms];
  if (kind.startsWith('vitals.') || kind.startsWith('indicator.')) return [wallKeys.vitals, wallKeys.notices];
  return [];
}

/** Gathers what many events ask for into one read each, no sooner than `pauseMs` after the last one. */
export class Gatherer {
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly pauseMs: number;
  private readonly read: (key: Key) => void;

  constructor(pauseMs: number, read: (key: Key) => void) {
    this.pauseMs = pauseMs;
    this.read = read;
  }

  hear(kind: string): void {
    for (const key of keysOf(kind)) {
      const name = key.join('/');
      if (this.waiting.has(name)) continue;
      const act = () => {
        this.waiting.delete(name);
        this.read(key);
      };
      this.waiting.set(name, setTimeout(act, this.pauseMs));
    }
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }
}

/** Refreshes that may fail before a number is called old. */
const PATIENCE = 3;

/** Since when nothing fresh has come, where that is longer than three refreshes; nothing while all is well. */
export function staleSince(
  answers: readonly number[],
  { now, refreshSeconds, begunAt }: { now: number; refreshSeconds: number; begunAt: number },
): number | undefined {
  const newest = Math.max(begunAt, ...answers);
  return now - newest > PATIENCE * refreshSeconds * 1000 ? newest : undefined;
}
