import type { Moving } from '@yiwang/api/types/moving.ts';
import { type Translate, useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Board } from '../board/board.ts';
import type { BoardMover } from '../board/moving-layer.ts';
import { MoverStore, stateOf } from './mover-store.ts';
import { MovingFeed } from './moving-feed.ts';

/** The map is drawn at most so often; a slow one is let come to rest first, but not for ever. */
const DRAW_MS = 500;
const REST_MS = 5_000;
const MINUTE_MS = 60_000;

export interface MovingState {
  store: MoverStore;
  count: number;
  fault: unknown;
  /** The first answer has come. */
  isThere: boolean;
  /** When the last answer came, once no more do; nothing while all is well or none has ever come. */
  goodAt: number | undefined;
}

export const ageWords = (t: Translate, at: string, now: number): string => {
  const age = now - Date.parse(at);
  return age < MINUTE_MS ? '' : t('map.moving.ago', { span: spanWords(t, age) });
};

const boardMover = (one: Moving, now: number, t: Translate): BoardMover => ({
  id: one.device,
  lon: one.lon,
  lat: one.lat,
  course: one.heading ?? undefined,
  state: stateOf(one, now),
  name: one.name || one.device,
  age: ageWords(t, one.at, now),
});

/** What moves, written to the map as it comes; React hears of how many there are and of what goes wrong. */
export function useMoving(board: Board | undefined, isShown: boolean): MovingState {
  const t = useT();
  const [store] = useState(() => new MoverStore());
  const [summary, setSummary] = useState<Omit<MovingState, 'store'>>(NOTHING);
  const words = useRef(t);
  words.current = t;

  useEffect(() => {
    if (!isShown) return;
    let answeredAt: number | undefined;
    const feed = new MovingFeed(store, (fault) => {
      if (!fault) answeredAt = Date.now();
      const next = { count: store.size, fault, isThere: true, goodAt: fault ? answeredAt : undefined };
      setSummary((old) => (isSame(old, next) ? old : next));
    });
    feed.start();
    return () => {
      feed.stop();
      store.clear();
      setSummary(NOTHING);
    };
  }, [store, isShown]);

  useEffect(() => {
    if (!board) return;
    // A map of another theme has nothing on it yet, and names are in the reader's language.
    void t;
    store.redraw();
    let drawnAt = 0;
    const draw = () => {
      const now = Date.now();
      if (!board.isSettled && now - drawnAt < REST_MS) return;
      const { changed, gone } = store.changes(now);
      if (changed.length + gone.length === 0) return;
      drawnAt = now;
      board.move(
        changed.map((one) => boardMover(one, now, words.current)),
        gone,
      );
    };
    draw();
    const timer = setInterval(draw, DRAW_MS);
    return () => clearInterval(timer);
  }, [board, store, t]);

  return { store, ...summary };
}

const NOTHING = { count: 0, fault: undefined, isThere: false, goodAt: undefined };

const isSame = (a: Omit<MovingState, 'store'>, b: Omit<MovingState, 'store'>) =>
  a.count === b.count && a.fault === b.fault && a.isThere === b.isThere;

/** One of those that move; hears of nothing but it. */
export const useMover = (store: MoverStore, device: string): Moving | undefined =>
  useSyncExternalStore(store.watch, () => store.get(device));
