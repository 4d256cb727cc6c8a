import type { Board } from '@yiwang/map/board/board.ts';
import type { InputRef } from '@yiwang/ui/controls.ts';
import { type RefObject, useEffect } from 'react';
import { intentOf, isTypingAt } from '../../app/keyboard.ts';

/** `/` goes to the search, L to the map; there the arrows move it and + and - bring it nearer and farther. */
export function useMapKeys(board: Board | undefined, field: RefObject<InputRef | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      const isTyping = isTypingAt(event.target, key);
      const intent = intentOf({ key, ctrlKey, metaKey, altKey, isComposing, isTyping });
      if (intent?.do === 'filter') field.current?.focus();
      else if (intent?.do === 'map') board?.map.getCanvas().focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [board, field]);
}
