import { useQuery } from '@tanstack/react-query';
import type { Indicator } from '@yiwang/api/types/vitals.ts';
import { indicatorsQuery } from '@yiwang/api/vitals-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { TrendLine } from '@yiwang/ui/trend-line.tsx';
import { useMemo } from 'react';
import { useNow } from '../../app/use-now.ts';
import { breachedOf } from './filters.ts';
import { IndicatorLink, IndicatorsLink } from './indicator-link.tsx';
import { BREACHED, valueIn } from './values.ts';

/** What is over a limit now, the worst first. */
export function BreachedList({ area }: { area: string | undefined }) {
  const t = useT();
  const query = useQuery(indicatorsQuery(area));
  const rows = useMemo(() => breachedOf(query.data ?? []), [query.data]);
  return (
    <Panel
      flush
      scroll
      className="vitals-breached"
      title={`${t('vitals.breached.title')}${query.data ? ` · ${rows.length}` : ''}`}
      extra={
        <IndicatorsLink filter={{ state: BREACHED.join(',') }}>{t('vitals.breached.all')}</IndicatorsLink>
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty text={t('vitals.breached.none')} />
          ) : (
            <ul className="vitals-rows">
              {rows.map((row) => (
                <Breached key={row.code} row={row} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Breached({ row }: { row: Indicator }) {
  const t = useT();
  const text = useText();
  const now = useNow();
  return (
    <li>
      <GradeLamp state={row.state} />
      <span className="vitals-row-name">
        <IndicatorLink code={row.code}>{text(row.name)}</IndicatorLink>
        <span className="cell-two">
          <span className="yw-mono">{row.code}</span>
          {row.since && ` · ${t('vitals.since', { time: shortTime(row.since, now) })}`}
        </span>
      </span>
      <TrendLine values={row.trend} label={t('vitals.trend')} width={72} />
      <strong className="vitals-row-value">{valueIn(row.value, row.precision, row.unit)}</strong>
    </li>
  );
}
