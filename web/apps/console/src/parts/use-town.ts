import { useTownNames } from '@yiwang/widgets/parts/use-line-words.ts';
import { useCallback } from 'react';

/** Digits of a town's code; what lies in it begins with them. */
const TOWN_DIGITS = 9;

/** The name of the town that an area lies in. */
export function useTown(): (code: string) => string | undefined {
  const names = useTownNames(true);
  return useCallback((code) => names.get(code.slice(0, TOWN_DIGITS)), [names]);
}
