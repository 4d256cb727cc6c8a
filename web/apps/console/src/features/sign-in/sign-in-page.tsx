import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { ApiProblem } from '@yiwang/api/client.ts';
import { demoAccountsQuery, meQuery, sessionApi } from '@yiwang/api/session-api.ts';
import type { DemoAccount } from '@yiwang/api/types/session.ts';
import { setLanguage, type Translate, useLanguage, useT, useText } from '@yiwang/i18n/i18n.ts';
import { Alert, Button, Form, Input } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { startPage } from '../../app/pages.ts';
import './sign-in.css';

type Credentials = { username: string; password: string } | { token: string };

export const DEMO_PASSWORD = 'yiwang-demo';

function faultWords(fault: unknown, t: Translate): string {
  if (!(fault instanceof ApiProblem)) return t('shell.states.error');
  if (fault.code === 'session.bad_token') return t('signIn.badToken');
  if (fault.status === 423 || fault.code.includes('locked')) return t('signIn.locked');
  if (fault.status === 429 || fault.status === 503) return t('signIn.busy');
  if (fault.status === 401 || fault.status === 403) return t('signIn.wrong');
  return fault.message;
}

function useSignIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return useMutation({
    mutationFn: (given: Credentials) =>
      'token' in given
        ? sessionApi.enterByToken(given.token.trim())
        : sessionApi.signIn(given.username, given.password),
    onSuccess: ({ user }) => {
      const actions = new Set(user.actions);
      // What another person read must not be shown to this one.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
      client.setQueryData(meQuery.queryKey, user);
      if (pathname === '/') void navigate({ to: startPage((action) => actions.has(action)) });
    },
  });
}

export function SignInPage() {
  const t = useT();
  const language = useLanguage();
  const signIn = useSignIn();
  const demo = useQuery(demoAccountsQuery);
  const accounts = demo.data ?? [];
  const [isByToken, setByToken] = useState(false);
  const onFinish = (given: Credentials) => signIn.mutate(given);
  const onOtherWay = () => {
    signIn.reset();
    setByToken(!isByToken);
  };

  return (
    <div className="sign-in">
      <button
        type="button"
        className="sign-in-language"
        onClick={() => void setLanguage(language === 'en' ? 'zh-CN' : 'en')}
      >
        {t('shell.language')}
      </button>
      <main className="sign-in-card" data-wide={accounts.length > 0}>
        <section>
          <h1>{t('shell.product')}</h1>
          <p className="yw-dim">{t('shell.subtitle')}</p>
          {signIn.error && <Alert type="error" showIcon title={faultWords(signIn.error, t)} />}
          {isByToken ? (
            <ByToken isBusy={signIn.isPending} onFinish={onFinish} />
          ) : (
            <ByPassword isBusy={signIn.isPending} onFinish={onFinish} />
          )}
          <Button type="link" block onClick={onOtherWay}>
            {t(isByToken ? 'signIn.byPassword' : 'signIn.byToken')}
          </Button>
        </section>
        {accounts.length > 0 && (
          <DemoAccounts
            accounts={accounts}
            busy={signIn.isPending}
            onPick={(username) => signIn.mutate({ username, password: DEMO_PASSWORD })}
          />
        )}
      </main>
    </div>
  );
}

interface WayProps {
  isBusy: boolean;
  onFinish: (given: Credentials) => void;
}

function ByPassword({ isBusy, onFinish }: WayProps) {
  const t = useT();
  return (
    <Form layout="vertical" onFinish={onFinish} requiredMark={false}>
      <Form.Item name="username" label={t('signIn.username')} rules={[{ required: true }]}>
        <Input autoComplete="username" autoFocus size="large" />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" size="large" />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t('signIn.submit')}
      </Button>
    </Form>
  );
}

/** For a wall: nobody is there to sign in again. */
function ByToken({ isBusy, onFinish }: WayProps) {
  const t = useT();
  return (
    <Form layout="vertical" onFinish={onFinish} requiredMark={false}>
      <Form.Item
        name="token"
        label={t('signIn.token')}
        extra={t('signIn.tokenHint')}
        rules={[{ required: true }]}
      >
        <Input.Password autoComplete="off" autoFocus size="large" />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy}>
        {t('signIn.tokenEnter')}
      </Button>
    </Form>
  );
}

interface DemoProps {
  accounts: DemoAccount[];
  busy: boolean;
  onPick: (username: string) => void;
}

function DemoAccounts({ accounts, busy, onPick }: DemoProps) {
  const t = useT();
  const text = useText();
  return (
    <section className="sign-in-demo">
      <h2>{t('signIn.demoTitle')}</h2>
      <p className="yw-dim">{t('signIn.demoHint', { password: DEMO_PASSWORD })}</p>
      <ul>
        {accounts.map((account) => (
          <li key={account.username}>
            <button type="button" disabled={busy} onClick={() => onPick(account.username)}>
              <strong>{account.name}</strong>
              <span className="yw-mono yw-dim">{account.username}</span>
              <span className="yw-dim">{text(account.description)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="sign-in-note">{t('shell.demoHint')}</p>
    </section>
  );
}
