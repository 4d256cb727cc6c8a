import type { Light } from '@yiwang/api/types/shared.ts';

export interface Due {
  light: Light;
  over: boolean;
  /** Something else is over already, although this is not. */
  late: boolean;
  /** Milliseconds left, or over. */
  ms: number;
}

/** What a due time means now. A clock that has run out is red even before the server's sweep says so. */
export function dueNow(dueAt: string | null | undefined, light: Light, now: number): Due | undefined {
  if (!dueAt) return undefined;
  const ms = Date.parse(dueAt) - now;
  return { light: ms < 0 ? 'red' : light, over: ms < 0, late: ms >= 0 && light === 'red', ms };
}
