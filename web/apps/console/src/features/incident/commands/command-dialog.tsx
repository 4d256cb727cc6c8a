import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Form, Modal } from '@yiwang/ui/controls.ts';
import { type KeyboardEvent, useState } from 'react';
import { BeforeAfter } from '../../../parts/before-after.tsx';
import { useOwnUnits } from '../../../parts/use-own-units.ts';
import { useIsUploading } from '../../../parts/use-uploads.ts';
import { bodyOf, initialValues, isAsked, type Values } from './body.ts';
import { Control } from './command-fields.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { FORMS, TWO_STROKE } from './specs.ts';
import { useCommand } from './use-command.ts';
import './command-dialog.css';

interface CommandDialogProps {
  detail: IncidentDetail;
  command: string;
  preset?: Values;
  onClose: () => void;
}

/** Ctrl+Enter submits the form around it. */
export function submitsByKeys(event: KeyboardEvent, submit: () => void): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
    event.preventDefault();
    submit();
  }
}

export function CommandDialog({ detail, command, preset = {}, onClose }: CommandDialogProps) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const [isArmed, setArmed] = useState(false);
  const send = useCommand(onClose);
  const fields = FORMS[command] ?? [];
  const initial = initialValues(fields, detail, preset, useOwnUnits());
  const first = fields.find((field) => initial[field.name] === undefined && field.kind !== 'checks');
  const name = t(`command.name.${command}`);

  const isUploading = useIsUploading();

  const submit = (values: Values) => {
    if (isUploading || send.isPending) return;
    if (TWO_STROKE.has(command) && !isArmed) return setArmed(true);
    setArmed(false);
    send.mutate({
      detail,
      command,
      body: bodyOf(fields, { ...initial, ...values }),
    });
  };

  return (
    <Modal
      open
      width={command === 'verify' ? 880 : 560}
      title={`${name} · ${detail.number}`}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
          <Button
            type="primary"
            danger={isArmed}
            loading={send.isPending}
            disabled={isUploading}
            title={isUploading ? t('media.wait') : ''}
            onClick={() => form.submit()}
          >
            {isArmed ? t('shell.common.confirmAgain') : name}
            <span className="button-keys">Ctrl ⏎</span>
          </Button>
        </>
      }
    >
      <div role="presentation" onKeyDown={(event) => submitsByKeys(event, () => form.submit())}>
        <p className="command-case">{detail.title}</p>
        {command === 'verify' && <BeforeAfter detail={detail} />}
        {send.error && <ProblemAlert fault={send.error} command={command} />}
        <Form
          form={form}
          layout="vertical"
          initialValues={initial}
          onValuesChange={() => setArmed(false)}
          onFinish={submit}
        >
          <Form.Item noStyle shouldUpdate>
            {() =>
              fields
                .filter((field) => isAsked(field, form.getFieldsValue(true) as Values))
                .filter((field) => field.kind !== 'checks' || detail.checks[field.list].length > 0)
                .map((field) => (
                  <Form.Item
                    key={`${field.name}-${field.when?.is.join() ?? ''}`}
                    name={field.name}
                    label={t(`command.field.${field.label ?? field.name}`)}
                    rules={[
                      {
                        required: field.required ?? false,
                        message: t('command.required', {
                          field: t(`command.field.${field.label ?? field.name}`),
                        }),
                      },
                    ]}
                  >
                    <Control field={field} detail={detail} autoFocus={field === first} />
                  </Form.Item>
                ))
            }
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
