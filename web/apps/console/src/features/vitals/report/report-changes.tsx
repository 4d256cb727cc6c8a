import type { ReportBreach, ReportChange } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { IndicatorLink } from '../indicator-link.tsx';
import { ageWords, plainValue, valueIn } from '../values.ts';
import { Change } from './report-scores.tsx';

/** What was over a limit, from when until when. */
export function ReportBreaches({ breaches }: { breaches: readonly ReportBreach[] }) {
  const t = useT();
  const text = useText();
  const columns: GridColumn<ReportBreach>[] = [
    {
      key: 'grade',
      title: t('vitals.column.grade'),
      width: '90px',
      render: (one) => <GradeLamp state={one.grade} />,
    },
    {
      key: 'name',
      title: t('vitals.column.indicator'),
      render: (one) => <IndicatorLink code={one.code}>{text(one.name)}</IndicatorLink>,
    },
    {
      key: 'value',
      title: t('vitals.column.valueThen'),
      width: '104px',
      align: 'right',
      render: (one) => plainValue(one.value, one.unit),
    },
    {
      key: 'from',
      title: t('vitals.column.began'),
      width: '128px',
      render: (one) => dayTime(one.from),
    },
    {
      key: 'lasted',
      title: t('vitals.report.lasted'),
      width: '104px',
      render: (one) => (
        <>
          {ageWords(t, one.minutes * 60)}
          {!one.until && <span className="cell-two">{t('vitals.report.still')}</span>}
        </>
      ),
    },
  ];
  return (
    <Panel flush scroll className="report-wide" title={`${t('vitals.report.breaches')} · ${breaches.length}`}>
      {breaches.length === 0 ? (
        <p className="report-none">{t('vitals.report.noBreaches')}</p>
      ) : (
        <GridTable
          label={t('vitals.report.breaches')}
          columns={columns}
          rows={breaches}
          rowKey={(one) => `${one.code} ${one.from} ${one.grade}`}
        />
      )}
    </Panel>
  );
}

/** Indicators that won or lost most against the stretch before. */
export function ReportChanges({ changes }: { changes: readonly ReportChange[] }) {
  const t = useT();
  const text = useText();
  const columns: GridColumn<ReportChange>[] = [
    {
      key: 'name',
      title: t('vitals.column.indicator'),
      render: (one) => <IndicatorLink code={one.code}>{text(one.name)}</IndicatorLink>,
    },
    {
      key: 'before',
      title: t('vitals.report.was'),
      width: '110px',
      align: 'right',
      render: (one) => valueIn(one.before, one.precision, one.unit),
    },
    {
      key: 'value',
      title: t('vitals.report.now'),
      width: '110px',
      align: 'right',
      render: (one) => valueIn(one.value, one.precision, one.unit),
    },
    {
      key: 'score',
      title: t('vitals.report.scoreChange'),
      width: '84px',
      align: 'right',
      render: (one) => <Change points={one.score_change} />,
    },
  ];
  return (
    <Panel flush scroll className="report-wide" title={t('vitals.report.changes')}>
      {changes.length === 0 ? (
        <p className="report-none">{t('vitals.report.noChanges')}</p>
      ) : (
        <GridTable
          label={t('vitals.report.changes')}
          columns={columns}
          rows={changes}
          rowKey={(one) => one.code}
        />
      )}
    </Panel>
  );
}
