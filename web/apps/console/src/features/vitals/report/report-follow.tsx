import { Link } from '@tanstack/react-router';
import type { ReportNotice, VitalReport } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { IndicatorLink } from '../indicator-link.tsx';
import { useOwnerName } from '../use-names.ts';
import { ageWords } from '../values.ts';

/** What followed, and whether somebody took note of it. */
export function ReportNotices({ notices }: { notices: readonly ReportNotice[] }) {
  const t = useT();
  const text = useText();
  const columns: GridColumn<ReportNotice>[] = [
    {
      key: 'grade',
      title: t('vitals.column.grade'),
      width: '90px',
      render: (one) => <GradeLamp state={one.grade} />,
    },
    {
      key: 'name',
      title: t('vitals.column.indicator'),
      render: (one) => (
        <IndicatorLink code={one.code} area={one.area}>
          {text(one.name)}
        </IndicatorLink>
      ),
    },
    { key: 'area', title: t('vitals.column.area'), width: '110px', render: (one) => one.area_name },
    { key: 'at', title: t('vitals.column.began'), width: '122px', render: (one) => dayTime(one.at) },
    {
      key: 'follow',
      title: t('vitals.column.follow'),
      width: '132px',
      render: (one) => (
        <>
          {t(`vitals.follow.${one.action}`)}
          <span className="cell-two">
            {one.case?.number ?? t(one.is_acknowledged ? 'vitals.report.noted' : 'vitals.report.notNoted')}
          </span>
        </>
      ),
    },
  ];
  return (
    <Panel flush scroll className="report-wide" title={`${t('vitals.report.notices')} · ${notices.length}`}>
      {notices.length === 0 ? (
        <p className="report-none">{t('vitals.report.noNotices')}</p>
      ) : (
        <GridTable
          label={t('vitals.report.notices')}
          columns={columns}
          rows={notices}
          rowKey={(one) => `${one.code} ${one.area} ${one.at} ${one.grade}`}
        />
      )}
    </Panel>
  );
}

type Stale = VitalReport['stale'][number];

/** Feeds of which nothing fresh came. */
export function ReportStale({ stale }: { stale: readonly Stale[] }) {
  const t = useT();
  const text = useText();
  const ownerName = useOwnerName();
  const columns: GridColumn<Stale>[] = [
    {
      key: 'feed',
      title: t('vitals.feed.column.feed'),
      render: (one) => (
        <>
          <Link to="/vitals/feeds" search={{ sel: one.feed }}>
            {text(one.name)}
          </Link>
          <span className="cell-two yw-mono">{one.feed}</span>
        </>
      ),
    },
    { key: 'owner', title: t('vitals.column.owner'), width: '26%', render: (one) => ownerName(one.owner) },
    {
      key: 'age',
      title: t('vitals.column.age'),
      width: '110px',
      render: (one) =>
        typeof one.age_minutes === 'number'
          ? ageWords(t, one.age_minutes * 60)
          : t('vitals.feed.state.never'),
    },
  ];
  return (
    <Panel flush scroll className="report-wide" title={`${t('vitals.report.stale')} · ${stale.length}`}>
      {stale.length === 0 ? (
        <p className="report-none">{t('vitals.report.noStale')}</p>
      ) : (
        <GridTable
          label={t('vitals.report.stale')}
          columns={columns}
          rows={stale}
          rowKey={(one) => one.feed}
        />
      )}
    </Panel>
  );
}
