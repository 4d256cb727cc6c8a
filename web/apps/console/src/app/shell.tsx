import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { meQuery } from '@yiwang/api/session-api.ts';
import type { Me } from '@yiwang/api/types/session.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Boundary, Fault, Forbidden, Loading } from '@yiwang/ui/states.tsx';
import { Suspense, useMemo } from 'react';
import PasswordPage from '../features/sign-in/password-page.tsx';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { CommandPalette } from './command-palette.tsx';
import { KeysHelp } from './keys-help.tsx';
import { pageOf } from './pages.ts';
import { Rail } from './rail.tsx';
import { type Signed, SignedContext } from './session.tsx';
import { StaleBanner } from './stale-banner.tsx';
import { TopBar } from './top-bar.tsx';
import { useLive } from './use-live.ts';
import './shell.css';

export function Shell() {
  const me = useQuery(meQuery);
  if (me.isPending) return <Loading />;
  if (me.error && !me.data) return <Fault fault={me.error} onRetry={() => void me.refetch()} />;
  return me.data ? <SignedShell me={me.data} key={me.data.id} /> : <SignInPage />;
}

function SignedShell({ me }: { me: Me }) {
  const t = useT();
  const { pathname } = useLocation();
  const signed = useMemo<Signed>(() => {
    const actions = new Set(me.actions);
    return { me, can: (action) => actions.has(action) };
  }, [me]);
  useLive(me.id);
  const page = pageOf(pathname);
  // A wall has the whole window: no menu, no bar.
  const isWall = /^\/wall(\/[^/]+)?\/?$/.test(pathname) && !me.must_change_password;
  const isAllowed = !page || page.actions.some(signed.can);

  if (isWall)
    return (
      <SignedContext value={signed}>
        <Boundary resetKey={pathname}>
          <Suspense fallback={<Loading />}>
            {signed.can('screens.read') ? <Outlet /> : <Forbidden />}
          </Suspense>
        </Boundary>
      </SignedContext>
    );
  return (
    <SignedContext value={signed}>
      <div className="shell">
        <a className="shell-skip" href="#main">
          {t('shell.skip')}
        </a>
        <TopBar />
        <Rail />
        <main id="main" className="shell-main" tabIndex={-1}>
          <StaleBanner />
          <Boundary resetKey={pathname}>
            <Suspense fallback={<Loading />}>
              {me.must_change_password ? <PasswordPage /> : isAllowed ? <Outlet /> : <Forbidden />}
            </Suspense>
          </Boundary>
        </main>
        <CommandPalette />
        <KeysHelp />
      </div>
    </SignedContext>
  );
}
