import { useQuery } from '@tanstack/react-query';
import { resolveQuery } from '@yiwang/api/catalog-api.ts';
import type { Responsibility } from '@yiwang/api/types/catalog.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Button, Form, Input, Modal, Radio } from '@yiwang/ui/controls.ts';
import { Loading } from '@yiwang/ui/states.tsx';
import { useEffect } from 'react';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { ResponsibilityCard } from '../../../parts/responsibility-card.tsx';
import { submitsByKeys } from './command-dialog.tsx';
import { modeFor } from './dispatch-mode.ts';
import { ProblemAlert } from './problem-alert.tsx';
import { useCommand } from './use-command.ts';
import './command-dialog.css';

interface DispatchValues {
  lead?: string;
  assistants?: string[];
  inform?: string[];
  mode?: string;
  note?: string;
}

const MODES = ['single', 'lead_assist', 'parallel', 'sequence', 'town_department', 'broadcast'];

interface DispatchDialogProps {
  detail: IncidentDetail;
  onClose: () => void;
}

/** Sends the case to one lead and whoever helps; the list's proposal stands there with its reasons. */
export function DispatchDialog({ detail, onClose }: DispatchDialogProps) {
  const t = useT();
  const term = useTerm();
  const [form] = Form.useForm<DispatchValues>();
  const lead = Form.useWatch('lead', form);
  const send = useCommand(onClose);
  const place = detail.area
    ? { area: detail.area.code }
    : detail.position
      ? { position: detail.position }
      : {};
  const proposal = useQuery({
    ...resolveQuery(detail.item?.code ?? '', place),
    enabled: Boolean(detail.item),
  });

  const adopt = (answer: Responsibility) => {
    const assistants = answer.assistants.map((org) => org.id);
    form.setFieldsValue({
      ...(answer.lead ? { lead: answer.lead.id } : {}),
      assistants,
      mode: modeFor(assistants.length),
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only an arriving proposal fills an empty form
  useEffect(() => {
    if (proposal.data?.lead && !form.getFieldValue('lead')) adopt(proposal.data);
  }, [proposal.data]);

  const proposedId = proposal.data?.lead?.id;
  const differs = Boolean(proposedId && lead && lead !== proposedId);
  const submit = (values: DispatchValues) => {
    if (send.isPending) return;
    const reasons = differs ? [] : (proposal.data?.reasons ?? []).map((reason) => reason.zh);
    const { lead: to, assistants = [], inform = [], note = '', mode } = values;
    send.mutate({
      detail,
      command: 'dispatch',
      body: { lead: to, assistants, inform, note, mode: mode ?? modeFor(assistants.length), reasons },
    });
  };

  return (
    <Modal
      open
      width={640}
      title={`${t('command.name.dispatch')} · ${detail.number}`}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
          <Button type="primary" loading={send.isPending} onClick={() => form.submit()}>
            {t('command.name.dispatch')}
            <span className="button-keys">Ctrl ⏎</span>
          </Button>
        </>
      }
    >
      <div
        className="dispatch-body"
        role="presentation"
        onKeyDown={(event) => submitsByKeys(event, () => form.submit())}
      >
        <p className="command-case">{detail.title}</p>
        {send.error && <ProblemAlert fault={send.error} command="dispatch" />}
        {detail.item && proposal.isPending && <Loading />}
        {proposal.data && (
          <ResponsibilityCard
            answer={proposal.data}
            adopted={lead === proposedId}
            onAdopt={() => proposal.data && adopt(proposal.data)}
          />
        )}
        <Form form={form} layout="vertical" initialValues={{ mode: 'single' }} onFinish={submit}>
          <Form.Item
            name="lead"
            label={t('command.dispatch.lead')}
            rules={[
              { required: true, message: t('command.required', { field: t('command.dispatch.lead') }) },
            ]}
          >
            <OrgPicker autoFocus />
          </Form.Item>
          <Form.Item name="assistants" label={t('command.dispatch.assistants')}>
            <OrgPicker multiple />
          </Form.Item>
          <Form.Item name="inform" label={t('command.dispatch.inform')}>
            <OrgPicker multiple />
          </Form.Item>
          <Form.Item name="mode" label={t('command.dispatch.mode')}>
            <Radio.Group
              className="dispatch-modes"
              options={MODES.map((mode) => ({ value: mode, label: term('mode', mode) }))}
            />
          </Form.Item>
          <Form.Item
            name="note"
            label={t('command.field.note')}
            {...(differs ? { extra: t('command.dispatch.differs') } : {})}
            rules={[
              { required: differs, message: t('command.required', { field: t('command.field.note') }) },
            ]}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
