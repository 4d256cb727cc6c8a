import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { meQuery, sessionApi } from '@yiwang/api/session-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Form, Input } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { useSigned } from '../../app/session.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import './sign-in.css';

interface Change {
  old: string;
  next: string;
  again: string;
}

export default function PasswordPage() {
  const t = useT();
  const { me } = useSigned();
  const { message } = App.useApp();
  const client = useQueryClient();
  const router = useRouter();
  const change = useMutation({
    mutationFn: ({ old, next }: Change) => sessionApi.changePassword(old, next),
    onSuccess: async () => {
      void message.success(t('signIn.changed'));
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      router.history.back();
    },
  });

  return (
    <div className="password-page">
      <Panel title={t('signIn.changeTitle')}>
        {me.must_change_password && <Alert type="warning" showIcon title={t('signIn.mustChange')} />}
        <ProblemNote fault={change.error} title={t('signIn.notChanged')} />
        <Form<Change> layout="vertical" onFinish={(values) => change.mutate(values)} requiredMark={false}>
          <Form.Item name="old" label={t('signIn.old')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="next"
            label={t('signIn.next')}
            extra={t('signIn.rules')}
            rules={[{ required: true, min: 8 }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Form.Item
            name="again"
            label={t('signIn.again')}
            dependencies={['next']}
            rules={[
              { required: true },
              ({ getFieldValue }) => ({
                validator: (_, value) =>
                  !value || getFieldValue('next') === value
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('signIn.mismatch'))),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('shell.common.save')}
          </Button>
        </Form>
      </Panel>
    </div>
  );
}
