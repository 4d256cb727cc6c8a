import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alarmKeys } from '@yiwang/api/alerting-api.ts';
import { ApiProblem } from '@yiwang/api/client.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { type AlarmPages, replaceAlarm } from './live-alarms.ts';

export interface AlarmCall {
  alarm: Alarm;
  /** The word of what is done. */
  what: string;
  send: (alarm: Alarm) => Promise<Alarm>;
}

/** Somebody else was faster. */
export const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code.endsWith('version_conflict');

/** Acts on the version that was seen, and puts the answer wherever the alarm is shown. */
export function useAlarmAction(onDone?: () => void) {
  const client = useQueryClient();
  const t = useT();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ({ alarm, send }: AlarmCall) => send(alarm),
    onSuccess: (fresh, { what }) => {
      client.setQueriesData<AlarmPages>(
        { queryKey: alarmKeys.lists },
        (data) => data && replaceAlarm(data, fresh),
      );
      void client.invalidateQueries({ queryKey: alarmKeys.one(fresh.id) });
      void client.invalidateQueries({ queryKey: alarmKeys.numbers });
      void message.success(t('alerting.act.done', { what: t(`alerting.act.${what}`) }));
      onDone?.();
    },
    // It is told of only once the alarm is shown as it stands now: whoever then goes on has seen it.
    onError: async (fault, { alarm }) => {
      if (isConflict(fault)) await client.invalidateQueries({ queryKey: alarmKeys.all });
      else await client.invalidateQueries({ queryKey: alarmKeys.one(alarm.id) });
    },
  });
}
