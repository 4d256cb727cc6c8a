import { useEffect, useRef } from 'react';
import { intentOf, isTypingAt } from '../../app/keyboard.ts';

interface Keys {
  codes: readonly string[];
  cursor: string | undefined;
  onMove: (code: string) => void;
  onOpen: (code: string) => void;
}

/** J and K move, Enter opens, `/` goes to the words, as in the workbench. */
export function useListKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isTyping =
        isTypingAt(event.target, event.key) || document.querySelector('[role="dialog"]') !== null;
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      const intent = intentOf({ key, ctrlKey, metaKey, altKey, isComposing, isTyping });
      const { codes, cursor, onMove, onOpen } = latest.current;
      const at = cursor ? codes.indexOf(cursor) : -1;
      if (intent?.do === 'next' || intent?.do === 'previous') {
        const next = codes[at < 0 ? 0 : at + (intent.do === 'next' ? 1 : -1)];
        if (next) onMove(next);
      } else if (intent?.do === 'open' && cursor && at >= 0) onOpen(cursor);
      else if (intent?.do === 'filter')
        document.querySelector<HTMLInputElement>('.vitals-filters input[type="search"]')?.focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
