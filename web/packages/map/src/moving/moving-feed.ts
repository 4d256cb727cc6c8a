import { ApiProblem } from '@yiwang/api/client.ts';
import { readMoving } from '@yiwang/api/moving-api.ts';
import type { MovingAnswer } from '@yiwang/api/types/moving.ts';
import type { MoverStore } from './mover-store.ts';

const WAIT_SECONDS = 20;
/** Between two answers: what moves meanwhile comes in one piece. */
const GATHER_MS = 500;
const AGAIN_MS = 2_000;
const AGAIN_MS_MAX = 30_000;
/** What one may no longer see is told by nobody: everything is asked for again. */
const WHOLE_MS = 5 * 60_000;
const REFUSED = new Set([401, 403]);

type Read = (after: number, wait: number, signal: AbortSignal) => Promise<MovingAnswer>;

/** Asks for what moves, and keeps the store by it until it is stopped. */
export class MovingFeed {
  private readonly store: MoverStore;
  private readonly onFault: (fault: unknown) => void;
  private readonly read: Read;
  private readonly abort = new AbortController();

  constructor(store: MoverStore, onFault: (fault: unknown) => void, read: Read = readMoving) {
    this.store = store;
    this.onFault = onFault;
    this.read = read;
  }

  start(): void {
    void this.run();
  }

  stop(): void {
    this.abort.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    let [revision, wholeAt, again] = [0, 0, AGAIN_MS];
    while (!signal.aborted) {
      try {
        if (document.hidden) await shown(signal);
        const isWhole = revision === 0 || Date.now() - wholeAt > WHOLE_MS;
        revision = isWhole ? await this.whole() : await this.later(revision);
        if (isWhole) wholeAt = Date.now();
        this.onFault(undefined);
        again = AGAIN_MS;
        await pause(GATHER_MS, signal);
      } catch (fault) {
        if (signal.aborted) return;
        this.onFault(fault);
        if (fault instanceof ApiProblem && REFUSED.has(fault.status)) return;
        await pause(again, signal);
        again = Math.min(again * 2, AGAIN_MS_MAX);
      }
    }
  }

  private async whole(): Promise<number> {
    const { store, abort } = this;
    store.beginWhole();
    let [after, hasMore] = [0, true];
    while (hasMore) {
      const answer = await this.read(after, 0, abort.signal);
      store.take(answer);
      after = answer.revision;
      hasMore = answer.has_more;
    }
    store.endWhole();
    return after;
  }

  /** A server that began anew counts anew: then all is asked for. */
  private async later(after: number): Promise<number> {
    const answer = await this.read(after, WAIT_SECONDS, this.abort.signal);
    if (answer.revision < after) return 0;
    this.store.take(answer);
    return answer.revision;
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

/** Nobody looks at a page that is hidden. */
const shown = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
