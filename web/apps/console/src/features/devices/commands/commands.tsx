import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { deviceCommandsQuery } from '@yiwang/api/device-command-api.ts';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { ProfileCommand } from '@yiwang/api/types/device-command.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { SideSection } from '../../../parts/side-pane.tsx';
import { CommandLog } from './command-log.tsx';
import { SendDialog } from './send-dialog.tsx';
import { useCommandWords } from './use-command-words.ts';
import './commands.css';

/** What the device can be told, and what it was told. */
export function Commands({ device }: { device: Device }) {
  const t = useT();
  if (device.protocol === 'mqtt') return <Told device={device} />;
  return (
    <SideSection title={t('devices.command.title')}>
      <p className="yw-dim command-note">
        {t('devices.command.unsupported', { protocol: t(`sensing.protocols.${device.protocol}`) })}
      </p>
    </SideSection>
  );
}

function Told({ device }: { device: Device }) {
  const t = useT();
  const { can } = useSigned();
  const profiles = useQuery(profilesQuery);
  const log = useInfiniteQuery(deviceCommandsQuery(device.id));
  const waiting = (log.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => one.state === 'waiting');
  return (
    <SideSection
      title={t('devices.command.title')}
      extra={waiting.length > 0 && t('devices.command.waitingCount', { count: waiting.length })}
    >
      <Loaded query={profiles}>
        {(all) => {
          const commands = all.find((one) => one.code === device.profile)?.commands ?? [];
          return (
            <>
              {can('sensing.command') ? (
                <CommandList device={device} commands={commands} waiting={waiting.length} />
              ) : (
                <p className="yw-dim command-note">{t('devices.command.forbidden')}</p>
              )}
              <CommandLog commands={commands} query={log} />
            </>
          );
        }}
      </Loaded>
    </SideSection>
  );
}

interface ListProps {
  device: Device;
  commands: ProfileCommand[];
  waiting: number;
}

function CommandList({ device, commands, waiting }: ListProps) {
  const t = useT();
  const text = useText();
  const words = useCommandWords();
  const [chosen, setChosen] = useState<ProfileCommand>();
  if (commands.length === 0) {
    return (
      <p className="yw-dim command-note">
        {t('devices.command.none', { profile: text(device.profile_name) })}
      </p>
    );
  }
  return (
    <>
      <ul className="command-list" aria-label={t('devices.command.list')}>
        {commands.map((command) => (
          <li key={command.code}>
            <span>
              <strong>{text(command.name)}</strong> <span className="yw-dim">{words.asked(command)}</span>
            </span>
            <Button
              aria-label={t('devices.command.sendNamed', { command: text(command.name) })}
              onClick={() => setChosen(command)}
            >
              {t('devices.command.open')}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <SendDialog device={device} command={chosen} waiting={waiting} onClose={() => setChosen(undefined)} />
      )}
    </>
  );
}
