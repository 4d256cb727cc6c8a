import type { Theme } from '@yiwang/tokens/tokens.ts';
import { createContext, useContext } from 'react';

/** A page of the console. */
export interface Way {
  to: string;
  search?: Record<string, string | undefined>;
}

/** What a number is about. */
export type Subject =
  | { kind: 'indicator'; code: string; area: string | undefined }
  | { kind: 'index'; area: string | undefined };

/** What the screen tells its widgets. */
export interface Setting {
  theme: Theme;
  /** Pixels of one unit of the design. */
  unit: number;
  refreshSeconds: number;
  /** The cases that a question of the case list finds, as a page. */
  casesAt(query: Record<string, unknown>): Way;
  hrefOf(way: Way): string;
  go(way: Way): void;
  /** Says what a number means. */
  explain(subject: Subject): void;
}

export const SettingContext = createContext<Setting | undefined>(undefined);

export function useSetting(): Setting {
  const setting = useContext(SettingContext);
  if (!setting) throw new Error('a widget stands on a screen');
  return setting;
}
