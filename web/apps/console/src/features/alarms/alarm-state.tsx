import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useNow } from '../../app/use-now.ts';

export const isShelved = (alarm: Alarm, now: number): boolean =>
  Boolean(alarm.shelved_until && Date.parse(alarm.shelved_until) > now);

/** Where the alarm stands: open or ended, seen by whom, shelved, judged, late. */
export function AlarmState({ alarm }: { alarm: Alarm }) {
  const t = useT();
  const known = useKnown();
  const now = useNow();
  const word = (key: string, values?: Record<string, unknown>) => t(`alerting.state.${key}`, values);
  return (
    <span className="alarm-chips">
      {!alarm.is_open && (
        <Chip title={alarm.ended_by ? known('alerting.endedBy', alarm.ended_by) : ''}>{word('ended')}</Chip>
      )}
      {alarm.acknowledged_by ? (
        <Chip tone="green">{word('acknowledged', { name: alarm.acknowledged_by })}</Chip>
      ) : (
        alarm.is_open && <Chip tone="orange">{word('new')}</Chip>
      )}
      {alarm.shelved_until && isShelved(alarm, now) && (
        <Chip>{word('shelved', { time: shortTime(alarm.shelved_until, now) })}</Chip>
      )}
      {alarm.verdict && (
        <Chip tone={alarm.verdict === 'true' ? 'green' : 'plain'}>{word(alarm.verdict)}</Chip>
      )}
      {alarm.is_late && (
        <Chip title={word('lateHint')} tone="accent">
          {word('late')}
        </Chip>
      )}
      {alarm.worst !== alarm.severity && (
        <Chip>{word('worst', { severity: t(`alerting.severity.${alarm.worst}`) })}</Chip>
      )}
    </span>
  );
}
