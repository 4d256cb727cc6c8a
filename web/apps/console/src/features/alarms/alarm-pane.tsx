import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmQuery } from '@yiwang/api/alerting-api.ts';
import type { AlarmDetail } from '@yiwang/api/types/alerting.ts';
import { useKnown, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { SeverityChip } from '../../parts/severity.tsx';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { AlarmActions } from './alarm-actions.tsx';
import { AlarmLog } from './alarm-log.tsx';
import { AlarmPicture } from './alarm-picture.tsx';
import { AlarmState } from './alarm-state.tsx';
import { CaseLink, lasted } from './alarm-table.tsx';
import { isGroup } from './kind.ts';
import { Members } from './members.tsx';
import { Standing } from './standing.tsx';
import { useRuleName } from './use-rule-name.ts';
import { Why } from './why.tsx';

/** One alarm: why, where, what was done, and what can be done. */
export function AlarmPane({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const query = useQuery(alarmQuery(id));
  const ruleName = useRuleName();
  const alarm = query.data;
  return (
    <SidePane
      label={t('shell.common.detail')}
      onClose={onClose}
      title={
        alarm ? (
          <>
            <SeverityChip severity={alarm.severity} /> {ruleName(alarm)}
          </>
        ) : (
          t('alerting.title')
        )
      }
      note={
        alarm && (
          <>
            <span>{alarm.device_name}</span>
            <AlarmState alarm={alarm} />
          </>
        )
      }
    >
      <Loaded query={query}>{(one) => <Body key={one.id} alarm={one} />}</Loaded>
    </SidePane>
  );
}

function Body({ alarm }: { alarm: AlarmDetail }) {
  const t = useT();
  const text = useText();
  const known = useKnown();
  const { can } = useSigned();
  const now = useNow();
  const word = (key: string) => t(`alerting.detail.${key}`);
  return (
    <>
      <AlarmActions alarm={alarm} />
      <Standing alarm={alarm} />
      {isGroup(alarm) && <Members alarm={alarm} />}
      {alarm.kind !== 'storm' && <Why alarm={alarm} />}
      <AlarmPicture alarm={alarm} />
      <SideSection title={word('facts')}>
        <Facts
          rows={[
            { label: word('began'), value: fullTime(alarm.began_at) },
            { label: word('decided'), value: fullTime(alarm.decided_at) },
            { label: word('opened'), value: fullTime(alarm.opened_at) },
            {
              label: word('ended'),
              value: alarm.ended_at
                ? `${fullTime(alarm.ended_at)} ${alarm.ended_by ? known('alerting.endedBy', alarm.ended_by) : ''}`
                : `${word('still')} · ${spanWords(t, lasted(alarm, now))}`,
            },
            alarm.kind !== 'storm' && {
              label: word('device'),
              value:
                can('sensing.read') && !isGroup(alarm) ? (
                  <Link to="/devices" search={{ q: alarm.device, sel: alarm.device_id }}>
                    {alarm.device_name} <span className="yw-mono">{alarm.device}</span>
                  </Link>
                ) : (
                  `${alarm.device_name} ${alarm.device}`
                ),
              wide: true,
            },
            alarm.place && { label: word('place'), value: alarm.place },
            alarm.area_name && { label: word('area'), value: alarm.area_name },
            alarm.org_name && { label: word('org'), value: text(alarm.org_name) },
            {
              label: word('case'),
              value: alarm.case ? (
                <CaseLink alarm={alarm} />
              ) : (
                <span className="yw-dim">{word('noCase')}</span>
              ),
            },
          ]}
        />
      </SideSection>
      <AlarmLog log={alarm.log} />
    </>
  );
}
