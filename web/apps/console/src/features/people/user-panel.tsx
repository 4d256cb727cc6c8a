import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { adminApi, grantsQuery } from '@yiwang/api/admin-api.ts';
import type { GrantView, UserView } from '@yiwang/api/types/admin.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { App, Button, Input, Modal, Popconfirm } from '@yiwang/ui/controls.ts';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { problemWords } from '../../parts/problem-words.ts';
import { GrantDialog } from './grant-dialog.tsx';
import { isLocked, UserState } from './people-page.tsx';

/** A person, and what the person may do where. */
export function UserPanel({ user }: { user: UserView }) {
  const t = useT();
  const text = useText();
  const word = (key: string) => t(`admin.people.${key}`);
  return (
    <Panel
      title={
        <>
          {user.name} <span className="yw-dim yw-mono">{user.username}</span>
        </>
      }
      extra={<UserState user={user} />}
    >
      <Facts
        rows={[
          {
            label: word('posts'),
            value: user.posts.map((post) => `${text(post.org.name)} ${post.title}`.trim()).join('；'),
            wide: true,
          },
          user.phone && { label: t('intake.phone'), value: user.phone },
        ]}
      />
      <Act user={user} />
      <Grants user={user} />
    </Panel>
  );
}

function Act({ user }: { user: UserView }) {
  const t = useT();
  const { can } = useSigned();
  const { message } = App.useApp();
  const client = useQueryClient();
  const now = useNow();
  const [password, setPassword] = useState<string>();
  const word = (key: string) => t(`admin.people.${key}`);
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: async () => {
      void message.success(word('saved'));
      setPassword(undefined);
      await client.invalidateQueries({ queryKey: ['users'] });
    },
    onError: (fault) => void message.error(problemWords(fault)),
  });
  const status = user.status === 'active' ? 'disabled' : 'active';
  return (
    <div className="user-actions">
      {can('grant.edit') && isLocked(user, now) && (
        <Button onClick={() => act.mutate(() => adminApi.unlock(user.id))}>{word('unlock')}</Button>
      )}
      {can('user.edit') && <Button onClick={() => setPassword('')}>{word('resetPassword')}</Button>}
      {can('user.edit') && (
        <Button
          danger={status === 'disabled'}
          onClick={() => act.mutate(() => adminApi.updateUser(user, { status }))}
        >
          {word(status === 'disabled' ? 'disable' : 'enable')}
        </Button>
      )}
      <Modal
        open={password !== undefined}
        title={word('resetPassword')}
        onCancel={() => setPassword(undefined)}
        onOk={() => act.mutate(() => adminApi.resetPassword(user.id, password ?? ''))}
        confirmLoading={act.isPending}
      >
        <label>
          {word('newPassword')}
          <Input.Password
            value={password ?? ''}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <p className="yw-dim">{t('signIn.rules')}</p>
      </Modal>
    </div>
  );
}

function Grants({ user }: { user: UserView }) {
  const t = useT();
  const { can } = useSigned();
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(grantsQuery(user.id));
  return (
    <section className="section">
      <h3>
        {t('admin.people.grants')}
        {can('grant.edit') && (
          <Button size="small" onClick={() => setAdding(true)}>
            {t('admin.people.addGrant')}
          </Button>
        )}
      </h3>
      <Loaded query={query}>
        {(grants) => (
          <>
            {grants.length === 0 && <p className="yw-dim">{t('admin.people.noGrants')}</p>}
            {grants.map((grant) => (
              <Grant key={grant.id} grant={grant} />
            ))}
          </>
        )}
      </Loaded>
      {isAdding && <GrantDialog user={user} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Grant({ grant }: { grant: GrantView }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const { can } = useSigned();
  const { message } = App.useApp();
  const client = useQueryClient();
  const word = (key: string) => t(`admin.people.${key}`);
  const revoke = useMutation({
    mutationFn: () => adminApi.revoke(grant.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['grants', grant.user_id] });
      await client.invalidateQueries({ queryKey: ['users'] });
    },
    onError: (fault) => void message.error(problemWords(fault)),
  });
  const scope = [
    grant.org ? text(grant.org.name) : word('wholeCity'),
    grant.area,
    `${word('secrecyMax')} ${term('secrecy', String(grant.secrecy_max))}`,
    grant.expires_at ? `${word('expires')} ${fullTime(grant.expires_at)}` : word('forever'),
  ];
  return (
    <div className="grant" data-live={grant.live}>
      <span>
        <strong>{text(grant.role_name) || grant.role}</strong> · {scope.filter(Boolean).join(' · ')}
        {grant.purpose && <div className="yw-dim">{grant.purpose}</div>}
      </span>
      {can('grant.edit') && (
        <Popconfirm title={word('revokeAsk')} onConfirm={() => revoke.mutate()}>
          <Button size="small" danger loading={revoke.isPending}>
            {word('revoke')}
          </Button>
        </Popconfirm>
      )}
    </div>
  );
}
