import { useQuery } from '@tanstack/react-query';
import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { useMemo } from 'react';
import { indicatorsQuery } from '../data/vitals.ts';

/** Some indicators of an area out of the one read that all widgets of it share, in the order asked for. */
export function useIndicators(codes: readonly string[], area: string | undefined) {
  const query = useQuery(indicatorsQuery(area));
  const wanted = codes.join(' ');
  const rows = useMemo(() => {
    const byCode = new Map((query.data ?? []).map((row) => [row.code, row]));
    return wanted.split(' ').flatMap((code): Indicator[] => {
      const row = byCode.get(code);
      return row ? [row] : [];
    });
  }, [query.data, wanted]);
  return { query, rows };
}

/** The newest time of some numbers. */
export function newestOf(rows: readonly { at?: string | null }[]): string | undefined {
  return rows
    .flatMap(({ at }) => at ?? [])
    .reduce<string | undefined>(
      (newest, at) => (newest === undefined || at > newest ? at : newest),
      undefined,
    );
}
