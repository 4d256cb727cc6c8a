import { Link } from '@tanstack/react-router';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Empty, Fault } from '@yiwang/ui/states.tsx';

export function NotFoundPage() {
  const t = useT();
  return (
    <Empty text={t('shell.states.notFound')} hint={t('shell.states.notFoundHint')}>
      <Link to="/">{t('shell.states.back')}</Link>
    </Empty>
  );
}

export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  return <Fault fault={error} onRetry={reset} />;
}
