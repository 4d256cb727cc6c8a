import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { adminApi, rolesQuery } from '@yiwang/api/admin-api.ts';
import type { UserView } from '@yiwang/api/types/admin.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Alert, Form, Input, Modal, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { AreaPicker } from '../../parts/area-picker.tsx';
import { OrgPicker } from '../../parts/org-picker.tsx';
import { problemWords } from '../../parts/problem-words.ts';

interface NewGrant {
  role: string;
  org_id?: string;
  area?: string;
  secrecy_max: number;
  purpose?: string;
  expires_on?: string;
}

export function GrantDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const client = useQueryClient();
  const [form] = Form.useForm<NewGrant>();
  const roles = useQuery(rolesQuery);
  const word = (key: string) => t(`admin.people.${key}`);
  const grant = useMutation({
    mutationFn: ({ role, org_id, area, secrecy_max, purpose, expires_on }: NewGrant) =>
      adminApi.grant({
        user_id: user.id,
        role,
        secrecy_max,
        ...(org_id ? { org_id } : {}),
        ...(area ? { area } : {}),
        ...(purpose?.trim() ? { purpose: purpose.trim() } : {}),
        ...(expires_on ? { expires_at: new Date(`${expires_on}T23:59:59+08:00`).toISOString() } : {}),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['grants', user.id] });
      await client.invalidateQueries({ queryKey: ['users'] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${word('addGrant')} · ${user.name}`}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={grant.isPending}
      mask={{ closable: false }}
    >
      {grant.error && <Alert type="error" showIcon title={problemWords(grant.error)} />}
      <Form<NewGrant>
        form={form}
        layout="vertical"
        initialValues={{ secrecy_max: 1 }}
        onFinish={(values) => grant.mutate(values)}
      >
        <Form.Item name="role" label={word('role')} rules={[{ required: true }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={(roles.data ?? []).map((role) => ({ value: role.code, label: text(role.name) }))}
          />
        </Form.Item>
        <Form.Item name="org_id" label={word('scopeOrg')}>
          <OrgPicker placeholder={word('wholeCity')} />
        </Form.Item>
        <Form.Item name="area" label={word('scopeArea')}>
          <AreaPicker depth={4} placeholder={word('wholeCity')} />
        </Form.Item>
        <Form.Item name="secrecy_max" label={word('secrecyMax')}>
          <Select
            options={[1, 2, 3, 4].map((level) => ({ value: level, label: term('secrecy', String(level)) }))}
          />
        </Form.Item>
        <Form.Item name="expires_on" label={word('expires')}>
          <DateField />
        </Form.Item>
        <Form.Item name="purpose" label={word('purpose')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
