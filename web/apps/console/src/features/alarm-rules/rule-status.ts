import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import type { Tone } from '@yiwang/ui/chip.tsx';

export type RuleStatus = 'inForce' | 'overridden' | 'withdrawn' | 'scheduled' | 'replaced';

type Version = Pick<AlarmRule, 'is_current' | 'overridden_by' | 'withdrawn_at' | 'valid_from'>;

/** Where a version of a rule stands. */
export function statusOf(version: Version, now: number): RuleStatus {
  if (version.withdrawn_at) return 'withdrawn';
  if (version.is_current) return 'inForce';
  if (version.overridden_by != null) return 'overridden';
  return Date.parse(version.valid_from) > now ? 'scheduled' : 'replaced';
}

export const STATUS_TONES: Record<RuleStatus, Tone> = {
  inForce: 'green',
  overridden: 'yellow',
  withdrawn: 'plain',
  scheduled: 'accent',
  replaced: 'plain',
};

/** The version of the city's own that may be taken back: what is in force, or will be. */
export const withdrawable = (versions: readonly AlarmRule[], now: number): AlarmRule | undefined =>
  versions.find((one) => one.origin === 'local' && ['inForce', 'scheduled'].includes(statusOf(one, now)));
