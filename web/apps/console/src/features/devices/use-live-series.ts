import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { deviceTailQuery, deviceValuesQuery } from '@yiwang/api/sensing-api.ts';
import type { Series } from '@yiwang/api/types/sensing.ts';
import type { Loadable } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { joined, tailOf } from './live-series.ts';
import type { Range } from './ranges.ts';

/** A chart is not much wider than so many strokes. */
const STROKES = 500;

export interface LiveSeries {
  query: Loadable<Series[]>;
  /** The end of what is shown. */
  to: number;
}

/**
 * The values of a window that ends now. It is read once as a whole and then at its end only, every few seconds and not
 * at all while the page is hidden; when it is seen again, the whole is read again.
 */
export function useLiveSeries(device: string, range: Range, shown: readonly string[]): LiveSeries {
  const whole = useQuery({
    ...deviceValuesQuery(device, { last_ms: range.ms }, range.points, shown),
    enabled: shown.length > 0,
    refetchInterval: range.wholeMs,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
  const read = whole.isPlaceholderData ? undefined : whole.data;
  const tail = useQuery({
    ...deviceTailQuery(device, [range.key, ...shown, whole.dataUpdatedAt], shown, () =>
      tailOf(read ?? [], range.points, Date.now()),
    ),
    enabled: read !== undefined && shown.length > 0,
  });
  const asOf = Math.max(whole.dataUpdatedAt, tail.data ? tail.dataUpdatedAt : 0);
  // The window moves by what can be seen of it: a year need not be drawn again for some seconds.
  const seen = range.ms / STROKES;
  const to = Math.ceil(asOf / seen) * seen;
  const data = useMemo(
    () => (read && tail.data ? joined(read, tail.data, to - range.ms) : whole.data),
    [read, tail.data, whole.data, to, range.ms],
  );
  // A tail that fails means that what is seen stands still: that is said like any other stale reading.
  const query = { ...whole, data, error: whole.error ?? tail.error, dataUpdatedAt: asOf };
  return { query, to };
}
