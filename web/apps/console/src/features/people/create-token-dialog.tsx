import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { rolesQuery, usersQuery } from '@yiwang/api/admin-api.ts';
import { tokenApi, tokensQuery } from '@yiwang/api/token-api.ts';
import type { TokenCreated } from '@yiwang/api/types/token.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button, Form, Input, Modal, Select } from '@yiwang/ui/controls.ts';
import { CopyOutlined } from '@yiwang/ui/icons.ts';
import { problemWords } from '../../parts/problem-words.ts';
import { useDayTime } from '../../parts/use-words.ts';

interface NewToken {
  user_id: string;
  name: string;
  actions: string[];
  days: number;
}

/** Offered lengths; the server says what is too long. */
const DAYS = [30, 90, 180, 365] as const;
const DAY_MS = 86_400_000;

export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: ({ days, ...token }: NewToken) =>
      // A minute less than the last day, so that the longest choice is not over the limit by the clocks' difference.
      tokenApi.create({
        ...token,
        expires_at: new Date(Date.now() + days * DAY_MS - 60_000).toISOString(),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return create.data ? (
    <ShownOnce token={create.data} onClose={onClose} />
  ) : (
    <Ask
      fault={create.error}
      isPending={create.isPending}
      onClose={onClose}
      onFinish={(values) => create.mutate(values)}
    />
  );
}

interface AskProps {
  fault: unknown;
  isPending: boolean;
  onClose: () => void;
  onFinish: (values: NewToken) => void;
}

function Ask({ fault, isPending, onClose, onFinish }: AskProps) {
  const t = useT();
  const [form] = Form.useForm<NewToken>();
  const userId = Form.useWatch('user_id', form);
  const accounts = useInfiniteQuery(usersQuery({ kind: 'service', status: 'active' }));
  const roles = useQuery(rolesQuery);
  const users = accounts.data?.pages.flatMap((page) => page.items) ?? [];
  const held = users.find((user) => user.id === userId)?.roles ?? [];
  const actions = [
    ...new Set((roles.data ?? []).filter((role) => held.includes(role.code)).flatMap((role) => role.actions)),
  ].filter((action) => action !== 'session.own');
  const word = (key: string) => t(`tokens.${key}`);
  return (
    <Modal
      open
      title={word('create')}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={isPending}
      mask={{ closable: false }}
    >
      {fault ? <Alert type="error" showIcon title={problemWords(fault)} /> : null}
      <Form<NewToken> form={form} layout="vertical" initialValues={{ days: 90 }} onFinish={onFinish}>
        <Form.Item
          name="user_id"
          label={word('account')}
          extra={word('accountHint')}
          rules={[{ required: true }]}
        >
          <Select
            loading={accounts.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={() => form.setFieldValue('actions', [])}
            options={users.map((user) => ({ value: user.id, label: `${user.name} · ${user.username}` }))}
          />
        </Form.Item>
        <Form.Item name="name" label={word('name')} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item
          name="actions"
          label={word('actions')}
          extra={word('actionsHint')}
          rules={[{ required: true }]}
        >
          <Select
            mode="multiple"
            disabled={!userId}
            showSearch={{ optionFilterProp: 'label' }}
            options={actions.map((action) => ({ value: action, label: t(`shell.action.${action}`) }))}
          />
        </Form.Item>
        <Form.Item name="days" label={word('expires')} rules={[{ required: true }]}>
          <Select options={DAYS.map((count) => ({ value: count, label: t('tokens.days', { count }) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function ShownOnce({ token, onClose }: { token: TokenCreated; onClose: () => void }) {
  const t = useT();
  const when = useDayTime();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(token.token);
      void message.success(t('shell.common.copied'));
    } catch {
      // Without a secure page there is no clipboard; the field is selected instead.
      document.querySelector<HTMLInputElement>('#token-value')?.select();
    }
  };
  return (
    <Modal
      open
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      title={t('tokens.onceTitle')}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('tokens.kept')}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={t('tokens.once')} />
      <div className="token-once">
        <Input
          id="token-value"
          readOnly
          className="yw-mono"
          aria-label={t('tokens.tab')}
          value={token.token}
          onFocus={(event) => event.target.select()}
        />
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('shell.common.copy')}
        </Button>
      </div>
      <p className="yw-dim">
        {token.user_name} · {token.name} · {t('tokens.expires')} {when(token.expires_at)}
      </p>
      <p className="yw-dim">
        {t('tokens.use')} <code className="yw-mono">Authorization: Bearer …</code>
      </p>
    </Modal>
  );
}
