import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type CommandPages,
  commandKeys,
  deviceCommandApi,
  withSent,
} from '@yiwang/api/device-command-api.ts';
import type { SendCommand } from '@yiwang/api/types/device-command.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { endingOf } from './ending.ts';

/** What was looked over and goes; the key stays, so that trying again sends it once. */
export interface Intent {
  body: SendCommand;
  key: string;
}

/** Sends a command, puts it into the log and says what became of it so far. */
export function useSend(device: string, name: string, onSent: () => void) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const queryKey = commandKeys.of(device);
  return useMutation({
    mutationFn: ({ body, key }: Intent) => deviceCommandApi.send(device, body, key),
    onSuccess: (sent) => {
      client.setQueryData<CommandPages>(queryKey, (pages) => withSent(pages, sent));
      const isUnheard = endingOf(sent) === 'unheard';
      const words = t(`devices.command.${isUnheard ? 'toldUnheard' : 'told'}`, { command: name });
      void (isUnheard ? message.error(words) : message.success(words));
      onSent();
    },
    // Whether it went or not: the log says what the platform knows.
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
}
