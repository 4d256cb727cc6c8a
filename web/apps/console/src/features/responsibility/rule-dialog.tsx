import type { ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Checkbox, Form, Input, Modal } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { fieldsOf, type RuleFields, ruleOf } from './rule-fields.ts';

interface RuleDialogProps {
  rule?: ResponsibilityRule;
  taken: readonly string[];
  onSave: (rule: ResponsibilityRule) => void;
  onClose: () => void;
}

export function RuleDialog({ rule, taken, onSave, onClose }: RuleDialogProps) {
  const t = useT();
  const [form] = Form.useForm<RuleFields>();
  const word = (key: string) => t(`catalog.responsibility.${key}`);
  return (
    <Modal
      open
      width={640}
      title={word('ruleTitle')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('shell.common.ok')}
      mask={{ closable: false }}
    >
      <Form<RuleFields>
        form={form}
        layout="vertical"
        initialValues={fieldsOf(rule)}
        onFinish={(fields) => onSave(ruleOf(fields, rule))}
      >
        <Form.Item
          name="id"
          label={word('ruleId')}
          rules={[
            { required: true },
            {
              validator: (_, id) =>
                id !== rule?.id && taken.includes(id)
                  ? Promise.reject(new Error(word('taken')))
                  : Promise.resolve(),
            },
          ]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="items" label={word('items')} extra={word('codesHint')} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="areas" label={word('areas')} extra={word('codesHint')} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="lead" label={word('lead')} extra={word('refHint')} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="assistants" label={word('assistants')}>
          <Input />
        </Form.Item>
        <Form.Item name="supervisor" label={word('supervisor')}>
          <Input />
        </Form.Item>
        <Form.Item name="basis" label={word('basis')} rules={[{ required: true }]}>
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} />
        </Form.Item>
        <Form.Item name="valid_from" label={word('valid')}>
          <DateField />
        </Form.Item>
        <Form.Item name="fallback" valuePropName="checked">
          <Checkbox>{word('fallback')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}
