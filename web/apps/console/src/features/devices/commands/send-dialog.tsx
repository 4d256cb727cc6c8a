import { intentKey } from '@yiwang/api/client.ts';
import type { ProfileCommand } from '@yiwang/api/types/device-command.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button, Form, Modal } from '@yiwang/ui/controls.ts';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { CommandFault } from './command-fault.tsx';
import { SendFields } from './send-fields.tsx';
import { type SendValues, sendBody, WITHIN_SECONDS } from './send-form.ts';
import { SendLook, SendWarnings } from './send-look.tsx';
import { type Intent, useSend } from './use-send.ts';

interface SendDialogProps {
  device: Device;
  command: ProfileCommand;
  /** Commands of the device that wait for their answer. */
  waiting: number;
  onClose: () => void;
}

/** A command moves real things: it is filled in, looked over, and only then sent. */
export function SendDialog({ device, command, waiting, onClose }: SendDialogProps) {
  const t = useT();
  const name = useText()(command.name);
  const [form] = Form.useForm<SendValues>();
  const [intent, setIntent] = useState<Intent>();
  const send = useSend(device.id, name, onClose);
  const first = command.parameters?.[0]?.code;
  const isLooking = intent !== undefined;
  useEffect(() => {
    if (!isLooking) form.getFieldInstance(first ? ['parameters', first] : 'within')?.focus();
  }, [form, first, isLooking]);
  const look = () => {
    const body = sendBody(command, form.getFieldsValue(true));
    if (body) setIntent({ body, key: intentKey() });
  };
  const back = () => {
    send.reset();
    setIntent(undefined);
  };
  const go = () => {
    if (intent && !send.isPending) send.mutate(intent);
  };
  return (
    <Modal
      open
      width={560}
      className="send-dialog"
      title={t('devices.command.dialog', { command: name })}
      onCancel={onClose}
      mask={{ closable: false }}
      wrapProps={{ onKeyDown: (event: KeyboardEvent) => onEnter(event, intent ? go : () => form.submit()) }}
      afterOpenChange={(isOpen) => {
        if (isOpen) form.getFieldInstance(first ? ['parameters', first] : 'within')?.focus();
      }}
      footer={
        intent ? (
          <>
            <Button disabled={send.isPending} onClick={back}>
              {t('devices.command.back')}
            </Button>
            <Strike key="send" isDangerous isBusy={send.isPending} onStrike={go}>
              {t(`devices.command.${send.error ? 'confirmAgain' : 'confirm'}`)}
            </Strike>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
            <Strike key="look" onStrike={() => form.submit()}>
              {t('devices.command.look')}
            </Strike>
          </>
        )
      }
    >
      <SendWarnings device={device} waiting={waiting} />
      {send.error && <CommandFault fault={send.error} command={command} />}
      {intent && <SendLook device={device} command={command} body={intent.body} />}
      <div hidden={isLooking}>
        <p className="send-device">
          <strong>{device.name}</strong> <span className="yw-mono">{device.code}</span>
        </p>
        <Form<SendValues>
          form={form}
          layout="vertical"
          initialValues={{ within: String(WITHIN_SECONDS) }}
          onFinish={look}
        >
          <SendFields form={form} command={command} />
        </Form>
      </div>
    </Modal>
  );
}

interface StrikeProps {
  isDangerous?: boolean;
  isBusy?: boolean;
  onStrike: () => void;
  children: ReactNode;
}

/** The button that goes on. The second click of a double click is no second thought. */
function Strike({ isDangerous = false, isBusy = false, onStrike, children }: StrikeProps) {
  return (
    <Button
      autoFocus={isDangerous}
      type="primary"
      danger={isDangerous}
      loading={isBusy}
      onClick={(event) => event.detail < 2 && onStrike()}
    >
      {children}
      <span className="button-keys">Ctrl ⏎</span>
    </Button>
  );
}

/** Ctrl+Enter goes on; a key that is held down must not fill in, look over and send in one stroke. */
function onEnter(event: KeyboardEvent, go: () => void): void {
  if (event.key !== 'Enter') return;
  if (event.repeat) event.preventDefault();
  else if ((event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
    event.preventDefault();
    go();
  }
}
