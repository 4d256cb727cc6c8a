import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, intentKey } from '@yiwang/api/client.ts';
import { incidentApi, incidentKeys } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { useRef } from 'react';
import { type Pages, replaceRows } from '../list/live-reducer.ts';

export interface CommandCall {
  detail: IncidentDetail;
  command: string;
  body: object;
}

/** Somebody else was faster. */
export const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code.endsWith('version_conflict');

/** Sends a command against the version that was seen, and puts the answer wherever the case is shown. */
export function useCommand(onDone?: (detail: IncidentDetail) => void) {
  const client = useQueryClient();
  const t = useT();
  const { message } = App.useApp();
  // The same body again is the same intent: a lost answer must not make it happen twice.
  const keys = useRef(new Map<string, string>());

  return useMutation({
    mutationFn: ({ detail, command, body }: CommandCall) => {
      const intent = JSON.stringify([detail.id, detail.version, command, body]);
      const key = keys.current.get(intent) ?? intentKey();
      keys.current.set(intent, key);
      return incidentApi.command(detail.id, command, body, detail.version, key);
    },
    onSuccess: (detail, { command }) => {
      keys.current.clear();
      client.setQueryData(incidentKeys.detail(detail.id), detail);
      client.setQueriesData<Pages>(
        { queryKey: incidentKeys.lists },
        (data) => data && replaceRows(data, [detail]),
      );
      void client.invalidateQueries({ queryKey: incidentKeys.timeline(detail.id) });
      void client.invalidateQueries({ queryKey: incidentKeys.tasks });
      void client.invalidateQueries({ queryKey: incidentKeys.numbers });
      void message.success(t('command.done', { command: t(`command.name.${command}`) }));
      onDone?.(detail);
    },
    // It is told of only once the case is shown as it stands now: whoever then goes on has seen it.
    onError: async (fault, { detail }) => {
      if (!isConflict(fault)) return;
      keys.current.clear();
      void client.invalidateQueries({ queryKey: incidentKeys.timeline(detail.id) });
      await client.invalidateQueries({ queryKey: incidentKeys.detail(detail.id) });
    },
  });
}
