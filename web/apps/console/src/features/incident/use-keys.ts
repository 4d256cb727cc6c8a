import { useEffect, useRef } from 'react';
import { type Intent, intentOf, isTypingAt } from '../../app/keyboard.ts';

/** Hands the page's keys to `act`, unless somebody types or a dialog is open. */
export function useKeys(act: (intent: Intent) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isTyping =
        isTypingAt(event.target, event.key) || document.querySelector('[role="dialog"]') !== null;
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      const intent = intentOf({ key, ctrlKey, metaKey, altKey, isComposing, isTyping });
      // The palette listens for itself, on every page.
      if (!intent || intent.do === 'palette') return;
      event.preventDefault();
      latest.current(intent);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
