import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alarmRuleApi } from '@yiwang/api/alarm-rule-api.ts';
import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';

/** Takes back what the city published of a rule, with a reason that stands in the audit log. */
export function WithdrawDialog({ rule, onClose }: { rule: AlarmRule; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ reason: string }>();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.withdraw.${key}`, values);
  const withdraw = useMutation({
    mutationFn: (reason: string) => alarmRuleApi.withdraw(rule.rule.id, reason),
    onSuccess: async () => {
      void message.success(word('done'));
      await client.invalidateQueries({ queryKey: ['alarm-rules'] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={word('title', { version: rule.rule.version ?? 1 })}
      okText={word('do')}
      okButtonProps={{ danger: true }}
      confirmLoading={withdraw.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Alert
        type="warning"
        showIcon
        title={rule.overrides == null ? word('ends') : word('packAgain', { version: rule.overrides })}
      />
      <ProblemNote fault={withdraw.error} />
      <Form form={form} layout="vertical" onFinish={({ reason }) => withdraw.mutate(reason.trim())}>
        <Form.Item
          name="reason"
          label={word('reason')}
          rules={[{ required: true, whitespace: true, message: word('reasonNeeded') }]}
        >
          <Input.TextArea rows={2} maxLength={500} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
