import { Link, useLocation } from '@tanstack/react-router';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { ReactNode } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { AreaPicker } from '../../parts/area-picker.tsx';
import { useVitalsLive } from './use-vitals-live.ts';
import './vitals.css';

const TABS = [
  { key: 'overview', path: '/vitals', action: 'vitals.read' },
  { key: 'indicators', path: '/vitals/indicators', action: 'vitals.read' },
  { key: 'warnings', path: '/vitals/warnings', action: 'vitals.read' },
  { key: 'notices', path: '/vitals/notices', action: 'vitals.read' },
  { key: 'report', path: '/vitals/report', action: 'vitals.read' },
  { key: 'feeds', path: '/vitals/feeds', action: '' },
] as const;

interface HeadProps {
  /** The page shows an area that is chosen. */
  withArea?: boolean;
  children?: ReactNode;
}

/** The pages of the city's vital signs, and the area that they show; it goes along from page to page. */
export function VitalsHead({ withArea = true, children }: HeadProps) {
  const t = useT();
  const { can } = useSigned();
  const { pathname } = useLocation();
  const [search, setSearch] = useSearchParams();
  useVitalsLive();
  const isAt = (path: string) => pathname === path || (path !== '/vitals' && pathname.startsWith(`${path}/`));
  return (
    <div className="page-head vitals-head">
      <h2>{t('vitals.title')}</h2>
      <nav className="vitals-tabs" aria-label={t('vitals.tab.label')}>
        {TABS.filter(({ action }) => !action || can(action)).map(({ key, path }) => (
          <Link
            key={key}
            to={path}
            search={{ area: search.area }}
            activeOptions={{ exact: true }}
            aria-current={isAt(path) ? 'page' : undefined}
          >
            {t(`vitals.tab.${key}`)}
          </Link>
        ))}
      </nav>
      {withArea && can('catalog.read') && (
        <span className="vitals-area">
          <AreaPicker
            depth={2}
            label={t('vitals.area')}
            placeholder={t('vitals.wholeArea')}
            value={search.area}
            onChange={(area) => setSearch({ area }, { replace: true })}
          />
        </span>
      )}
      {children}
    </div>
  );
}
