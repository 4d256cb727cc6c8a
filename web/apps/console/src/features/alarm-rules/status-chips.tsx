import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useNow } from '../../app/use-now.ts';
import { STATUS_TONES, statusOf } from './rule-status.ts';

/** Who published it, whether it is judged by now, and what stands behind or before it. */
export function StatusChips({ rule, withStatus = true }: { rule: AlarmRule; withStatus?: boolean }) {
  const t = useT();
  const now = useNow();
  const status = statusOf(rule, now);
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.status.${key}`, values);
  return (
    <span className="rule-chips">
      <Chip tone={rule.origin === 'local' ? 'accent' : 'plain'} title={word(`${rule.origin}Hint`)}>
        {rule.origin === 'local' ? word('local') : word('pack', { pack: rule.pack })}
      </Chip>
      {withStatus && <Chip tone={STATUS_TONES[status]}>{word(status)}</Chip>}
      {status === 'scheduled' && (
        <span className="yw-dim">{word('from', { time: dayTime(rule.valid_from) })}</span>
      )}
      {rule.overrides != null && status !== 'withdrawn' && (
        <span className="yw-dim">{word('overrides', { version: rule.overrides })}</span>
      )}
      {rule.overridden_by != null && (
        <span className="yw-dim">{word('overriddenBy', { version: rule.overridden_by })}</span>
      )}
    </span>
  );
}
