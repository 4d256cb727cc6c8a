import { Link, useLocation } from '@tanstack/react-router';
import { useT } from '@yiwang/i18n/i18n.ts';
import {
  AlertOutlined,
  ApartmentOutlined,
  ApiOutlined,
  AuditOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  ContainerOutlined,
  ControlOutlined,
  DashboardOutlined,
  DesktopOutlined,
  FileAddOutlined,
  GlobalOutlined,
  HeartOutlined,
  ProfileOutlined,
  RadarChartOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  TagsOutlined,
  TeamOutlined,
} from '@yiwang/ui/icons.ts';
import type { ComponentType } from 'react';
import { type PageEntry, pageOf, pagesFor } from './pages.ts';
import { useSigned } from './session.tsx';

const ICONS: Record<PageEntry['key'], ComponentType> = {
  home: DashboardOutlined,
  wall: DesktopOutlined,
  map: GlobalOutlined,
  vitals: HeartOutlined,
  workbench: ProfileOutlined,
  alarms: AlertOutlined,
  devices: RadarChartOutlined,
  sensing: ApiOutlined,
  alarmRules: ControlOutlined,
  escalations: ClockCircleOutlined,
  intake: FileAddOutlined,
  tasks: CheckSquareOutlined,
  verify: SafetyCertificateOutlined,
  responsibility: ApartmentOutlined,
  items: TagsOutlined,
  calendars: CalendarOutlined,
  people: TeamOutlined,
  packs: ContainerOutlined,
  audit: AuditOutlined,
  system: SettingOutlined,
};

/** The menu: only what the person may open. */
export function Rail() {
  const t = useT();
  const { can } = useSigned();
  const { pathname } = useLocation();
  return (
    <nav className="rail" aria-label={t('shell.nav.label')}>
      {pagesFor(can).map((page) => {
        const Icon = ICONS[page.key];
        return (
          <Link key={page.key} to={page.path} aria-current={pageOf(pathname) === page ? 'page' : undefined}>
            <Icon />
            <span>{t(`shell.nav.${page.key}`)}</span>
          </Link>
        );
      })}
    </nav>
  );
}
