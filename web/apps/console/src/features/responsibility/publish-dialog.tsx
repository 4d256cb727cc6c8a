import { useMutation, useQueryClient } from '@tanstack/react-query';
import { responsibilityApi } from '@yiwang/api/catalog-api.ts';
import { ApiProblem } from '@yiwang/api/client.ts';
import type { OpenedFaults, ResponsibilityDraft } from '@yiwang/api/types/catalog.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { Alert, App, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { OpenedList } from './faults.tsx';

interface PublishValues {
  valid_from: string;
  accept_faults?: string;
}

const openedBy = (fault: unknown): OpenedFaults | undefined =>
  fault instanceof ApiProblem && fault.code === 'responsibility.opens_fault'
    ? (fault.problem.data as OpenedFaults)
    : undefined;

/** Puts a draft in force. What it would break is shown first, and taken on the record only with a reason. */
export function PublishDialog({ draft, onClose }: { draft: ResponsibilityDraft; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<PublishValues>();
  const publish = useMutation({
    mutationFn: ({ valid_from, accept_faults }: PublishValues) =>
      responsibilityApi.publish(draft, {
        valid_from,
        ...(accept_faults?.trim() ? { accept_faults: accept_faults.trim() } : {}),
      }),
    onSuccess: async () => {
      void message.success(t('catalog.responsibility.published'));
      await client.invalidateQueries({ queryKey: ['responsibility'] });
      onClose();
    },
  });
  const opened = openedBy(publish.error);
  return (
    <Modal
      open
      width={680}
      title={t('catalog.responsibility.publishTitle')}
      okText={t('catalog.responsibility.publish')}
      confirmLoading={publish.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {publish.error && !opened && <Alert type="error" showIcon title={publish.error.message} />}
      {opened && (
        <div className="tab-body">
          <Alert type="warning" showIcon title={t('catalog.responsibility.acceptHint')} />
          <OpenedList opened={opened} />
        </div>
      )}
      <Form<PublishValues>
        form={form}
        layout="vertical"
        initialValues={{ valid_from: civil(Date.now()).date }}
        onFinish={(values) => publish.mutate(values)}
      >
        <Form.Item
          name="valid_from"
          label={t('catalog.responsibility.effective')}
          rules={[{ required: true }]}
        >
          <DateField />
        </Form.Item>
        {opened && (
          <Form.Item
            name="accept_faults"
            label={t('catalog.responsibility.acceptFaults')}
            rules={[{ required: true, whitespace: true }]}
          >
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={1000} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
