import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useNow } from '../../app/use-now.ts';
import { isGroup } from './kind.ts';

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
      {isGroup(alarm) && (
        <Chip tone="accent" title={t(`quiet.alarm.${alarm.kind}Hint`)}>
          {t(`quiet.alarm.${alarm.kind}`, { count: alarm.members, open: alarm.members_open })}
        </Chip>
      )}
      {alarm.suppressed_by && (
        <Chip title={t('quiet.alarm.suppressedHint')}>{t(`quiet.alarm.by.${alarm.suppressed_by}`)}</Chip>
      )}
      {alarm.unattended > 0 && !alarm.acknowledged_at && (
        <Chip tone="red" title={t('quiet.alarm.unattendedLong', { count: alarm.unattended })}>
          {t('quiet.alarm.unattended', { count: alarm.unattended })}
        </Chip>
      )}
      {alarm.is_chattering && (
        <Chip tone="yellow" title={t('quiet.alarm.chatteringHint')}>
          {t('quiet.alarm.chattering')}
        </Chip>
      )}
      {!alarm.is_open && (
        <Chip title={alarm.ended_by ? known('alerting.endedBy', alarm.ended_by) : ''}>{word('ended')}</Chip>
      )}
      {alarm.acknowledged_by ? (
        <Chip tone="green">{word('acknowledged', { name: alarm.acknowledged_by })}</Chip>
      ) : (
        alarm.is_open && !alarm.suppressed_by && <Chip tone="orange">{word('new')}</Chip>
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
