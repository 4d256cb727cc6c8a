import { useQuery, useQueryClient } from '@tanstack/react-query';
import { orgsQuery } from '@yiwang/api/catalog-api.ts';
import { deviceQuery } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Form, Modal } from '@yiwang/ui/controls.ts';
import { type KeyboardEvent, useState } from 'react';
import { DeviceFault, isConflict } from '../device-fault.tsx';
import { type Conflict, ConflictNote } from './conflict.tsx';
import { DeviceFields } from './device-fields.tsx';
import {
  changedFields,
  createBody,
  DEAF,
  type DeviceValues,
  emptyValues,
  rebase,
  updateBody,
  valuesOf,
} from './device-form.ts';
import { useSaveDevice } from './use-save-device.ts';
import './device-dialog.css';

interface DeviceDialogProps {
  /** None is a new one. */
  device?: Device;
  onClose: () => void;
  onSaved: (device: Device) => void;
}

/** Registers a device or changes one. Two strokes where nothing of it will be taken any more. */
export function DeviceDialog({ device, onClose, onSaved }: DeviceDialogProps) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<DeviceValues>();
  // As it was when the form was opened, or last brought up to date: polling must not move it under who types.
  const [seen, setSeen] = useState(device);
  const [initial] = useState(() => (device ? valuesOf(device) : emptyValues()));
  const [conflict, setConflict] = useState<Conflict>();
  const [armed, setArmed] = useState<'save' | 'close'>();
  const orgs = useQuery(orgsQuery);
  const save = useSaveDevice();
  const word = (key: string) => t(`devices.form.${key}`);
  const held = (): DeviceValues => ({ ...initial, ...form.getFieldsValue(true) });

  const close = () => {
    const isTouched = changedFields(seen ? valuesOf(seen) : initial, held()).length > 0;
    if (isTouched && armed !== 'close') setArmed('close');
    else onClose();
  };

  const bringUpToDate = async (of: Device) => {
    const fresh = await client.fetchQuery({ ...deviceQuery(of.id), staleTime: 0 });
    const { values, taken, clashes } = rebase(valuesOf(of), held(), valuesOf(fresh));
    form.setFieldsValue(values);
    setSeen(fresh);
    setConflict({ fresh, taken, clashes });
  };

  const submit = () => {
    if (save.isPending) return;
    const values = held();
    const isSilencing = seen !== undefined && DEAF.has(values.state) && !DEAF.has(seen.state);
    if (isSilencing && armed !== 'save') return setArmed('save');
    setArmed(undefined);
    const orgCode = orgs.data?.find((org) => org.id === values.org)?.code;
    const update = seen && updateBody(seen, values, orgCode);
    if (update && Object.keys(update).length === 0) return onClose();
    setConflict(undefined);
    save.mutate(seen && update ? { seen, update } : { create: createBody(values, orgCode) }, {
      onSuccess: (fresh) => {
        void message.success(t(seen ? 'devices.saved' : 'devices.created', { name: fresh.name }));
        onSaved(fresh);
      },
      onError: (fault) => {
        if (seen && isConflict(fault)) void bringUpToDate(seen).catch(() => undefined);
      },
    });
  };

  const isArmed = armed === 'save';
  return (
    <Modal
      open
      width={920}
      className="device-dialog"
      title={device ? `${word('edit')} · ${device.code}` : word('create')}
      onCancel={close}
      afterOpenChange={(isOpen) => {
        if (isOpen) form.getFieldInstance(device ? 'name' : 'code')?.focus();
      }}
      wrapProps={{ onKeyDown: (event: KeyboardEvent) => submitsByKeys(event, () => form.submit()) }}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={close} danger={armed === 'close'}>
            {armed === 'close' ? word('discard') : t('shell.common.cancel')}
          </Button>
          <Button type="primary" danger={isArmed} loading={save.isPending} onClick={() => form.submit()}>
            {isArmed ? t('shell.common.confirmAgain') : device ? t('shell.common.save') : word('register')}
            <span className="button-keys">Ctrl ⏎</span>
          </Button>
        </>
      }
    >
      {conflict && <ConflictNote {...conflict} />}
      {save.error && !isConflict(save.error) && <DeviceFault fault={save.error} />}
      {isArmed && <Alert type="warning" showIcon title={word('silencing')} />}
      {armed === 'close' && <Alert type="warning" showIcon title={word('unsaved')} />}
      <Form<DeviceValues>
        form={form}
        layout="vertical"
        scrollToFirstError={{ block: 'center' }}
        initialValues={initial}
        onValuesChange={() => setArmed(undefined)}
        onFinish={submit}
      >
        <DeviceFields form={form} seen={seen} />
      </Form>
    </Modal>
  );
}

/** Ctrl+Enter submits, also out of a field of several lines. */
function submitsByKeys(event: KeyboardEvent, submit: () => void): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
    event.preventDefault();
    submit();
  }
}
