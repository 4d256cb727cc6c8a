import { useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentQuery } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { useOwnUnits } from '../../parts/use-own-units.ts';
import { commandOf } from './commands/arrange.ts';
import { initialValues } from './commands/body.ts';
import { CommandHost, type OpenCommand } from './commands/command-host.tsx';
import { FORMS } from './commands/specs.ts';
import { useCommand } from './commands/use-command.ts';

type KeyIntent = 'sign' | 'assign' | 'note' | 'return';

/** Opens commands by button or key, and shows the dialog of the one that is open. */
export function useCaseCommands() {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState<(OpenCommand & { id: string }) | undefined>();
  const detail = useQuery({ ...incidentQuery(open?.id ?? ''), enabled: open !== undefined });
  const send = useCommand();
  const isOwn = useOwnUnits();

  const run = (next: OpenCommand, of: IncidentDetail) => {
    // Signing one's only task asks nothing, so it does not open a form.
    const values = initialValues(FORMS.sign ?? [], of, {}, isOwn);
    if (next.command === 'sign' && values.task_id) {
      send.mutate(
        { detail: of, command: 'sign', body: { task_id: values.task_id } },
        { onError: (fault) => void message.error(fault.message) },
      );
      return;
    }
    setOpen({ ...next, id: of.id });
  };

  const byKey = async (intent: KeyIntent, id: string | undefined) => {
    if (!id) return;
    const of = await client.fetchQuery({ ...incidentQuery(id), staleTime: 2_000 });
    const command = commandOf(intent, of.allowed);
    if (!command) return void message.info(t('incident.noActions'));
    run({ command, ...(intent === 'return' ? { preset: { kind: 'return' } } : {}) }, of);
  };

  const dialog =
    open && detail.data ? (
      <CommandHost
        key={`${open.id}-${open.command}`}
        detail={detail.data}
        open={open}
        onClose={() => setOpen(undefined)}
      />
    ) : null;

  return { run, byKey, dialog };
}
