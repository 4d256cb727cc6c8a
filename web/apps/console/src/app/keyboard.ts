import type { Grade } from '@yiwang/api/types/shared.ts';

/** What a key asks for in the workbench. */
export type Intent =
  | {
      do:
        | 'next'
        | 'previous'
        | 'open'
        | 'sign'
        | 'assign'
        | 'note'
        | 'map'
        | 'return'
        | 'help'
        | 'palette'
        | 'filter'
        | 'soon';
    }
  | { do: 'grade'; grade: Grade };

export interface Stroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  /** A field has the focus, or a dialog is open. */
  isTyping: boolean;
}

const SINGLE: Record<string, Intent> = {
  j: { do: 'next' },
  k: { do: 'previous' },
  Enter: { do: 'open' },
  s: { do: 'sign' },
  a: { do: 'assign' },
  c: { do: 'note' },
  l: { do: 'map' },
  x: { do: 'return' },
  d: { do: 'soon' },
  '/': { do: 'filter' },
  '?': { do: 'help' },
  '？': { do: 'help' },
  1: { do: 'grade', grade: 'i' },
  2: { do: 'grade', grade: 'ii' },
  3: { do: 'grade', grade: 'iii' },
  4: { do: 'grade', grade: 'iv' },
  5: { do: 'grade', grade: 'v' },
};

/** The intent of a stroke; none while somebody types or an input method composes. */
export function intentOf(stroke: Stroke): Intent | undefined {
  if (stroke.isComposing) return undefined;
  if (stroke.ctrlKey || stroke.metaKey) {
    return stroke.key.toLowerCase() === 'k' ? { do: 'palette' } : undefined;
  }
  if (stroke.isTyping || stroke.altKey) return undefined;
  return SINGLE[stroke.key] ?? SINGLE[stroke.key.toLowerCase()];
}

/** Nobody writes into what is chosen between: a key after a press on it is meant for the page. */
const FIELDS =
  'input:not([type="radio"]), textarea, select, [contenteditable="true"], [role="combobox"], [role="dialog"], [role="menu"]';

/** Whether single keys belong to what has the focus. Enter also belongs to buttons and links. */
export function isTypingAt(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(FIELDS)) return true;
  return key === 'Enter' && target.closest('button, a, summary') !== null;
}
