import { useEffect, useRef } from 'react';
import { intentOf, isTypingAt } from '../app/keyboard.ts';

/** J and K move through the rows as they do in the workbench. */
export function useRowKeys<T extends { id: string }>(
  rows: readonly T[],
  selected: string | undefined,
  choose: (id: string) => void,
): void {
  const latest = useRef({ rows, selected, choose });
  latest.current = { rows, selected, choose };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isTyping =
        isTypingAt(event.target, event.key) || document.querySelector('[role="dialog"]') !== null;
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      const intent = intentOf({ key, ctrlKey, metaKey, altKey, isComposing, isTyping });
      if (intent?.do !== 'next' && intent?.do !== 'previous') return;
      const now = latest.current;
      const at = now.rows.findIndex((row) => row.id === now.selected);
      const next = now.rows[at < 0 ? 0 : at + (intent.do === 'next' ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      now.choose(next.id);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
