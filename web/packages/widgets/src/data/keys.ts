/** What a wall reads. One clock of the screen reads all of `all` again; nothing of it has a clock of its own. */
export const wallKeys = {
  all: ['wall'] as const,
  vitals: ['wall', 'vitals'] as const,
  notices: ['wall', 'notices'] as const,
  cases: ['wall', 'cases'] as const,
  alarms: ['wall', 'alarms'] as const,
  slow: ['wall-slow'] as const,
};

/** A screen that has gone leaves nothing behind for long: walls rotate for months. */
export const SHORT_LIVED = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000 } as const;
