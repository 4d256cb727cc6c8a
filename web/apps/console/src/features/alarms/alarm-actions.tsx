import { alarmApi } from '@yiwang/api/alerting-api.ts';
import type { AlarmDetail, Verdict } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { ActionFault } from './action-fault.tsx';
import { isShelved } from './alarm-state.tsx';
import { ShelveDialog } from './shelve-dialog.tsx';
import { useAlarmAction } from './use-alarm-action.ts';

/** What the person may do with it now. */
export function AlarmActions({ alarm }: { alarm: AlarmDetail }) {
  const t = useT();
  const { can } = useSigned();
  const now = useNow();
  const [isShelving, setShelving] = useState(false);
  const act = useAlarmAction();
  if (!can('alerting.handle')) return null;
  const word = (key: string) => t(`alerting.act.${key}`);
  return (
    <section className="alarm-actions" aria-label={word('label')}>
      <div className="toolbar">
        {!alarm.acknowledged_at && (
          <Button
            type="primary"
            loading={act.isPending}
            onClick={() =>
              act.mutate({
                alarm,
                what: 'acknowledge',
                send: (one) => alarmApi.acknowledge(one.id, one.version),
              })
            }
          >
            {word('acknowledge')}
          </Button>
        )}
        {isShelved(alarm, now) ? (
          <Button
            onClick={() =>
              act.mutate({ alarm, what: 'unshelve', send: (one) => alarmApi.unshelve(one.id, one.version) })
            }
          >
            {word('unshelve')}
          </Button>
        ) : (
          alarm.is_open && <Button onClick={() => setShelving(true)}>{word('shelve')}</Button>
        )}
        <span className="page-gap" />
        {(['true', 'false'] as const)
          .filter((verdict) => verdict !== alarm.verdict)
          .map((verdict) => (
            <VerdictButton
              key={verdict}
              verdict={verdict}
              onJudge={() =>
                act.mutate({
                  alarm,
                  what: verdict,
                  send: (one) => alarmApi.judge(one.id, one.version, { verdict }),
                })
              }
            />
          ))}
      </div>
      {act.error && <ActionFault fault={act.error} />}
      {isShelving && <ShelveDialog alarm={alarm} onClose={() => setShelving(false)} />}
    </section>
  );
}

function VerdictButton({ verdict, onJudge }: { verdict: Verdict; onJudge: () => void }) {
  const t = useT();
  const name = t(`alerting.act.${verdict}`);
  return (
    <Popconfirm
      title={t('alerting.act.verdictAsk', { verdict: name })}
      description={t('alerting.act.verdictHint')}
      onConfirm={onJudge}
    >
      <Button>{name}</Button>
    </Popconfirm>
  );
}
