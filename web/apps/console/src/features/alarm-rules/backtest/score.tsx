import { Link } from '@tanstack/react-router';
import type { BacktestCase, BacktestScore } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { useSigned } from '../../../app/session.tsx';
import { SideSection } from '../../../parts/side-pane.tsx';
import { percent } from '../parameter.ts';
import { leadOf } from './episodes.ts';

/** How well alarms fit what is known to have happened. */
export function Score({ score }: { score: BacktestScore }) {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.score.${key}`, values);
  const share = (value: number | null | undefined, of: string) =>
    typeof value === 'number' ? (
      <>
        <strong>{percent(value)}</strong> <span className="yw-dim">{of}</span>
      </>
    ) : (
      <span className="yw-dim">{of}</span>
    );
  const lead = typeof score.lead_seconds === 'number' ? leadOf(score.lead_seconds) : undefined;
  return (
    <SideSection title={word('title')}>
      <Facts
        rows={[
          {
            label: word('precision'),
            value: share(score.precision, word('rightOf', { right: score.right, alarms: score.alarms })),
          },
          {
            label: word('recall'),
            value: share(score.recall, word('foundOf', { found: score.found, known: score.known })),
          },
          { label: 'F1', value: typeof score.f1 === 'number' ? score.f1.toFixed(2) : '—' },
          { label: word('leadTitle'), value: lead ? word(lead.key, { span: spanWords(t, lead.ms) }) : '—' },
          { label: word('falsePerDay'), value: word('perDevice', { count: score.false_per_day.toFixed(2) }) },
        ]}
      />
      {score.cases.length > 0 && <Cases cases={score.cases} />}
    </SideSection>
  );
}

function Cases({ cases }: { cases: BacktestCase[] }) {
  const t = useT();
  const { can } = useSigned();
  const word = (key: string) => t(`rules.score.${key}`);
  const columns: GridColumn<BacktestCase>[] = [
    {
      key: 'found',
      title: word('told'),
      width: '96px',
      render: (row) => (
        <Chip tone={row.is_found ? 'green' : 'orange'}>{word(row.is_found ? 'isFound' : 'isMissed')}</Chip>
      ),
    },
    {
      key: 'case',
      title: t('alerting.detail.case'),
      render: (row) => (
        <>
          {row.title}
          <span className="cell-two yw-mono">
            {can('incident.read') ? (
              <Link to="/incidents" search={{ scope: 'all', q: row.case.number, sel: row.case.id }}>
                {row.case.number}
              </Link>
            ) : (
              row.case.number
            )}
          </span>
        </>
      ),
    },
    { key: 'at', title: word('at'), width: '116px', render: (row) => dayTime(row.at) },
    {
      key: 'devices',
      title: word('near'),
      width: '26%',
      render: (row) => <span className="yw-mono">{row.devices.slice(0, 3).join(' ')}</span>,
    },
  ];
  return (
    <div className="backtest-devices">
      <GridTable label={word('cases')} columns={columns} rows={cases} rowKey={(row) => row.case.id} />
    </div>
  );
}
