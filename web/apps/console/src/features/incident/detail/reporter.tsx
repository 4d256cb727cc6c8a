import { useMutation } from '@tanstack/react-query';
import { incidentApi } from '@yiwang/api/incident-api.ts';
import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Alert, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { useSigned } from '../../../app/session.tsx';

/** Who reported it, masked; whoever may see more says why, and that is kept. */
export function Reporter({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  const { can } = useSigned();
  const [asks, setAsks] = useState(false);
  const [form] = Form.useForm<{ purpose: string }>();
  const reveal = useMutation({
    mutationFn: (purpose: string) => incidentApi.reveal(detail.id, purpose),
    onSuccess: () => setAsks(false),
  });
  const { reporter } = detail;
  if (!reporter) return null;
  const shown = reveal.data ?? { name: reporter.name_masked, phone: reporter.phone_masked };
  return (
    <>
      {[shown.name, shown.phone].filter(Boolean).join(' ')}{' '}
      {reporter.secret && <Chip tone="red">{t('incident.secretReporter')}</Chip>}
      {can('incident.reveal') && !reveal.data && (
        <button type="button" className="link-button" onClick={() => setAsks(true)}>
          {t('incident.reveal')}
        </button>
      )}
      <Modal
        open={asks}
        title={t('incident.revealTitle')}
        onCancel={() => setAsks(false)}
        onOk={() => form.submit()}
        confirmLoading={reveal.isPending}
        destroyOnHidden
      >
        <p className="yw-dim">{t('incident.revealHint')}</p>
        {reveal.error && <Alert type="error" showIcon title={reveal.error.message} />}
        <Form form={form} layout="vertical" onFinish={({ purpose }) => reveal.mutate(purpose)}>
          <Form.Item
            name="purpose"
            label={t('incident.revealPurpose')}
            rules={[{ required: true, whitespace: true }]}
          >
            <Input autoFocus maxLength={200} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
