import { useQuery } from '@tanstack/react-query';
import { areasQuery } from '@yiwang/api/catalog-api.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { useMemo } from 'react';
import type { LineWords } from '../data/lines.ts';

const TOWNS = 2;

/** Names of towns by code; the city itself has none here. */
export function useTownNames(isWanted: boolean): Map<string, string> {
  const { data } = useQuery({ ...areasQuery(TOWNS), enabled: isWanted });
  return useMemo(() => new Map((data ?? []).map((area) => [area.code, area.name])), [data]);
}

/** The words that lines are written with; notices are of towns, and need their names. */
export function useLineWords(withNotices: boolean): LineWords {
  const t = useT();
  const term = useTerm();
  const towns = useTownNames(withNotices);
  return useMemo(() => ({ t, term, townName: (code) => towns.get(code) }), [t, term, towns]);
}
