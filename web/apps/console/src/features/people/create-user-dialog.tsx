import { useMutation, useQueryClient } from '@tanstack/react-query';
import { adminApi } from '@yiwang/api/admin-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Form, Input, Modal, Select } from '@yiwang/ui/controls.ts';
import { OrgPicker } from '../../parts/org-picker.tsx';
import { problemWords } from '../../parts/problem-words.ts';

interface NewUser {
  username: string;
  name: string;
  phone?: string;
  kind: 'person' | 'service';
  password?: string;
  org_id: string;
  title?: string;
}

export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<NewUser>();
  const isService = Form.useWatch('kind', form) === 'service';
  const word = (key: string) => t(`admin.people.${key}`);
  const create = useMutation({
    mutationFn: ({ org_id, title = '', phone, ...user }: NewUser) =>
      adminApi.createUser({
        ...user,
        ...(phone ? { phone } : {}),
        posts: [{ org_id, title, primary: true }],
      }),
    onSuccess: async () => {
      void message.success(word('saved'));
      await client.invalidateQueries({ queryKey: ['users'] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={word('newUser')}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={create.isPending}
      mask={{ closable: false }}
    >
      {create.error && <Alert type="error" showIcon title={problemWords(create.error)} />}
      <Form<NewUser>
        form={form}
        layout="vertical"
        initialValues={{ kind: 'person' }}
        onFinish={(user) => create.mutate(user)}
      >
        <Form.Item name="kind" label={word('kind')}>
          <Select
            options={(['person', 'service'] as const).map((kind) => ({
              value: kind,
              label: t(`admin.people.kinds.${kind}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="name" label={word('name')} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item
          name="username"
          label={word('username')}
          rules={[{ required: true, pattern: /^[a-z0-9._-]{2,64}$/ }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="org_id" label={word('org')} rules={[{ required: true }]}>
          <OrgPicker />
        </Form.Item>
        <Form.Item name="title" label={word('postTitle')}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="phone" label={t('intake.phone')}>
          <Input maxLength={30} autoComplete="off" />
        </Form.Item>
        {!isService && (
          <Form.Item
            name="password"
            label={word('newPassword')}
            extra={t('signIn.rules')}
            rules={[{ required: true, min: 8 }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
