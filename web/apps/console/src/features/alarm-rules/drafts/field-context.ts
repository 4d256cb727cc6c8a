import type { RuleEntryText } from '@yiwang/api/types/alarm-rule.ts';
import { createContext, useContext } from 'react';
import type { EntryPath } from './entry-fields.ts';

export interface EntryInHand {
  entry: RuleEntryText;
  /** Nothing takes it out. */
  change: (path: EntryPath, value: unknown) => void;
  mayEdit: boolean;
}

export const FieldContext = createContext<EntryInHand | undefined>(undefined);

export function useEntry(): EntryInHand {
  const inHand = useContext(FieldContext);
  if (!inHand) throw new Error('fields stand in the form of an entry');
  return inHand;
}
