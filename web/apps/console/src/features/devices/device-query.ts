import type { Query } from '@yiwang/api/client.ts';

type Search = Record<string, string | undefined>;

/** Several choices of one filter stand in the address with commas. */
export const listOf = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? [];

/** What the address asks for, as the server takes it. */
export const deviceQueryOf = (search: Search): Query => ({
  q: search.q,
  profile: listOf(search.profile),
  hearing: listOf(search.hearing),
  state: listOf(search.state),
  protocol: listOf(search.protocol),
  area: search.area,
});
