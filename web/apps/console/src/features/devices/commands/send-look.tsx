import type { ProfileCommand, SendCommand } from '@yiwang/api/types/device-command.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { useCommandWords } from './use-command-words.ts';

/** What somebody must know who is about to move something there. */
export function SendWarnings({ device, waiting }: { device: Device; waiting: number }) {
  const t = useT();
  const hearing = t(`sensing.hearing.${device.hearing}`);
  const warnings = [
    device.state !== 'active' && t(`devices.command.warn.${device.state}`),
    device.hearing !== 'online' && t('devices.command.warn.notHeard', { hearing }),
    waiting > 0 && t('devices.command.warn.waiting', { count: waiting }),
  ].filter((one) => one !== false);
  return warnings.map((one) => <Alert key={one} type="warning" showIcon title={one} />);
}

interface LookProps {
  device: Device;
  command: ProfileCommand;
  body: SendCommand;
}

/** The device, the command and its parameters once more, as they will go. */
export function SendLook({ device, command, body }: LookProps) {
  const t = useT();
  const text = useText();
  const words = useCommandWords();
  const word = (key: string) => t(`devices.command.${key}`);
  const where = [device.place, device.area_name].filter(Boolean).join(' · ');
  const parameters = (command.parameters ?? []).map((one) => ({
    label: text(one.name),
    value: <strong>{body.parameters[one.code]}</strong>,
  }));
  const rows = [
    {
      label: word('device'),
      value: (
        <>
          <strong>{device.name}</strong> <span className="yw-mono">{device.code}</span>
        </>
      ),
    },
    where !== '' && { label: t('sensing.detail.place'), value: where },
    {
      label: word('command'),
      value: (
        <>
          <strong>{text(command.name)}</strong> <span className="yw-mono yw-dim">{command.code}</span>
        </>
      ),
    },
    ...(parameters.length > 0 ? parameters : [{ label: word('parameters'), value: word('noParameters') }]),
    { label: word('within'), value: words.seconds(body.answer_within_seconds) },
  ].filter((row) => row !== false);
  return (
    <section aria-label={word('lookOver')} className="send-look">
      <p>{word('lookOver')}</p>
      <dl>
        {rows.map((row) => (
          <div key={row.label}>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
      </dl>
      <p className="yw-dim">{word('noWayBack')}</p>
    </section>
  );
}
