import type { ReportArea, ReportScore, VitalReport } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { SEVERITY_TONES } from '../../../parts/severity.tsx';
import { Reasons } from '../index-panel.tsx';
import { scoreIn } from '../values.ts';

/** A change with its sign; what is better is green, as a score is always the better the higher. */
export function Change({ points }: { points: number | null | undefined }) {
  if (typeof points !== 'number') return <span className="yw-dim">—</span>;
  const words = `${points > 0 ? '+' : ''}${Number(points.toFixed(1))}`;
  const tone = points > 0 ? 'better' : points < 0 ? 'worse' : 'same';
  return (
    <span className="report-change" data-tone={tone}>
      {words}
    </span>
  );
}

export function ReportIndex({ report }: { report: VitalReport }) {
  const t = useT();
  const { score, lamp, before, change, lowest, highest } = report.index;
  return (
    <Panel title={t('vitals.report.index')}>
      <p className="report-index">
        <strong>{scoreIn(score)}</strong>
        <GradeLamp state={lamp} size="large" />
        <Change points={change} />
      </p>
      <p className="yw-dim">
        {t('vitals.report.before', { score: scoreIn(before) })} ·{' '}
        {t('vitals.report.between', { lowest: scoreIn(lowest), highest: scoreIn(highest) })}
      </p>
      <h4>{t('vitals.index.reasons')}</h4>
      <Reasons reasons={report.reasons} />
    </Panel>
  );
}

const SEVERITIES = ['I', 'II', 'III', 'IV'] as const;

export function ReportWork({ report }: { report: VitalReport }) {
  const t = useT();
  const { cases, alarms } = report;
  const figures = [
    ['opened', cases.opened],
    ['closed', cases.closed],
    ['openNow', cases.open],
    ['overdue', cases.overdue],
    ['raised', alarms.raised],
  ] as const;
  return (
    <Panel title={t('vitals.report.work')}>
      <dl className="report-figures">
        {figures.map(([key, { value }]) => (
          <div key={key}>
            <dt>{t(`vitals.report.${key}`)}</dt>
            <dd>{value.toLocaleString('en-US')}</dd>
          </div>
        ))}
      </dl>
      <p className="report-chips">
        {SEVERITIES.map((severity, index) => (
          <Chip key={severity} tone={SEVERITY_TONES[severity]}>
            {t(`alerting.severity.${severity}`)} {alarms.by_severity[index] ?? 0}
          </Chip>
        ))}
      </p>
      {alarms.rules.length > 0 && (
        <>
          <h4>{t('vitals.report.rules')}</h4>
          <ul className="report-rules">
            {alarms.rules.map(({ rule, count }) => (
              <li key={rule}>
                <span className="yw-mono">{rule}</span> <strong>{count}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** Lamp, score and change, the same for domains and towns. */
function useScoreColumns<T extends Pick<ReportScore, 'score' | 'lamp' | 'change'>>(): GridColumn<T>[] {
  const t = useT();
  return [
    {
      key: 'lamp',
      title: t('vitals.column.grade'),
      width: '90px',
      render: (one) => <GradeLamp state={one.lamp} />,
    },
    {
      key: 'score',
      title: t('vitals.column.score'),
      width: '70px',
      align: 'right',
      render: (one) => scoreIn(one.score),
    },
    {
      key: 'change',
      title: t('vitals.report.change'),
      width: '76px',
      align: 'right',
      render: (one) => <Change points={one.change} />,
    },
  ];
}

export function ReportScores({ scores }: { scores: readonly ReportScore[] }) {
  const t = useT();
  const text = useText();
  const columns = useScoreColumns<ReportScore>();
  return (
    <Panel flush title={t('vitals.report.domains')}>
      <GridTable
        label={t('vitals.report.domains')}
        columns={[
          { key: 'name', title: t('vitals.column.domain'), render: (one) => text(one.name) },
          ...columns,
        ]}
        rows={scores}
        rowKey={(one) => one.code}
      />
    </Panel>
  );
}

export function ReportAreas({ areas }: { areas: readonly ReportArea[] }) {
  const t = useT();
  const columns = useScoreColumns<ReportArea>();
  if (areas.length === 0) return null;
  return (
    <Panel flush title={t('vitals.report.areas')}>
      <GridTable
        label={t('vitals.report.areas')}
        columns={[{ key: 'name', title: t('vitals.column.area'), render: (one) => one.name }, ...columns]}
        rows={areas}
        rowKey={(one) => one.area}
      />
    </Panel>
  );
}
