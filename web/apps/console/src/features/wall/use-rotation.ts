import { useEffect, useState } from 'react';

interface Rotation {
  isOn: boolean;
  seconds: number | undefined;
  /** The screen that is shown; another one begins its time anew. */
  code: string;
  count: number;
  onNext: () => void;
  onLeave: () => void;
}

/** Changes screens by the clock. Any key stops it, and the next one lets it go on; Escape leaves. */
export function useRotation({ isOn, seconds, code, count, onNext, onLeave }: Rotation): boolean {
  const [isPaused, setPaused] = useState(false);
  const turns = isOn && seconds !== undefined && count > 1 && !isPaused;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each screen has its whole time
  useEffect(() => {
    if (!turns || seconds === undefined) return;
    const timer = setTimeout(onNext, seconds * 1000);
    return () => clearTimeout(timer);
  }, [turns, seconds, code, onNext]);
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      // An open explanation has its keys to itself.
      if (event.isComposing || document.querySelector('dialog[open]')) return;
      if (event.key === 'Escape') return onLeave();
      if (event.key === 'Tab' || event.key === 'Enter' || event.key === 'Shift') return setPaused(true);
      setPaused((old) => !old);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOn, onLeave]);
  return isPaused;
}
