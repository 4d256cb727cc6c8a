import { useEffect, useRef, useState } from 'react';
import { isNightly } from './kiosk.ts';

const IDLE_MS = 5_000;
const RELOAD_IDLE_MS = 60_000;
const LOOK_MS = 120_000;
const loadedAt = Date.now();

/** How long nobody has touched anything; the pointer hides meanwhile. */
export function useIdle(isOn: boolean): { isIdle: boolean; lastTouch: { current: number } } {
  const lastTouch = useRef(Date.now());
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    if (!isOn) return setIdle(false);
    let timer: ReturnType<typeof setTimeout>;
    const touched = () => {
      lastTouch.current = Date.now();
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE_MS);
    };
    touched();
    const events = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const event of events) addEventListener(event, touched);
    return () => {
      clearTimeout(timer);
      for (const event of events) removeEventListener(event, touched);
    };
  }, [isOn]);
  return { isIdle, lastTouch };
}

/** The page as the server has it now; it names its scripts, so that another version is another text. */
async function pageText(): Promise<string | undefined> {
  try {
    const answer = await fetch('/', { cache: 'no-store' });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Loads the page anew once nobody is at it: when the server has another version, and every night. */
export function useReload(isOn: boolean, lastTouch: { current: number }): void {
  useEffect(() => {
    if (!isOn) return;
    let first: string | undefined;
    let isGone = false;
    const look = async () => {
      const now = Date.now();
      const text = await pageText();
      if (isGone || text === undefined) return;
      first ??= text;
      const isUntouched = now - lastTouch.current >= RELOAD_IDLE_MS;
      if (isUntouched && (text !== first || isNightly(now, loadedAt))) location.reload();
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [isOn, lastTouch]);
}

/** Keeps the screen from going dark, where the browser lets it. */
export function useAwake(isOn: boolean): void {
  useEffect(() => {
    if (!isOn || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let isGone = false;
    const take = async () => {
      try {
        const taken = await navigator.wakeLock.request('screen');
        if (isGone) await taken.release();
        else lock = taken;
      } catch {
        // Refused: the machine's own setting decides.
      }
    };
    const again = () => {
      if (document.visibilityState === 'visible') void take();
    };
    void take();
    document.addEventListener('visibilitychange', again);
    return () => {
      isGone = true;
      document.removeEventListener('visibilitychange', again);
      void lock?.release();
    };
  }, [isOn]);
}
