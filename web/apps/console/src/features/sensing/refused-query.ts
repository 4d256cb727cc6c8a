import type { Query } from '@yiwang/api/client.ts';

type Search = Record<string, string | undefined>;

const DAY_MS = 86_400_000;
const dayOf = (date: string | undefined, days = 0) =>
  date ? new Date(Date.parse(`${date}T00:00:00+08:00`) + days * DAY_MS).toISOString() : undefined;

/** What the address asks for, as the server takes it; the last day counts in full. */
export const refusedQueryOf = (search: Search): Query => ({
  edge: search.edge,
  code: search.code,
  device: search.device,
  q: search.q,
  from: dayOf(search.from),
  until: dayOf(search.until, 1),
});
