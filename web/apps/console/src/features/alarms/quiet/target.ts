import type { WindowTarget } from '@yiwang/api/types/quiet.ts';

export const TARGETS = ['devices', 'groups', 'areas', 'rules'] as const;
export type TargetPart = (typeof TARGETS)[number];

/** What was given, without what is empty; nothing where nothing was. */
export function targetOf(given: WindowTarget): WindowTarget | undefined {
  const parts = TARGETS.flatMap((part) => {
    const named = (given[part] ?? []).map((one) => one.trim()).filter(Boolean);
    return named.length > 0 ? [[part, named] as const] : [];
  });
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

/** The parts that are given, for words: everything of them must hold. */
export const partsOf = (target: WindowTarget): [part: TargetPart, named: string[]][] =>
  TARGETS.flatMap((part) => {
    const named = target[part] ?? [];
    return named.length > 0 ? [[part, named] as [TargetPart, string[]]] : [];
  });

export type QuietState = 'active' | 'coming' | 'over' | 'cancelled';

export function quietStateOf(
  window: { is_active: boolean; starts_at: string; cancelled_at?: string | null },
  now: number,
): QuietState {
  if (window.cancelled_at) return 'cancelled';
  if (window.is_active) return 'active';
  return Date.parse(window.starts_at) > now ? 'coming' : 'over';
}
