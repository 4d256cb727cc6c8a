import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { DryRun } from './types/escalation.ts';

/** What would turn within so many hours from now. */
export const dryRunQuery = (hours: number) =>
  queryOptions({
    queryKey: ['incidents', 'dry-run', hours],
    queryFn: ({ signal }) =>
      api.get<DryRun>(
        '/incidents/escalations/dry-run',
        { until: new Date(Date.now() + hours * 3_600_000).toISOString() },
        signal,
      ),
    refetchInterval: 60_000,
  });
