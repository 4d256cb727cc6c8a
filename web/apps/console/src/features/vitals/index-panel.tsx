import { useQuery } from '@tanstack/react-query';
import type { VitalReason, VitalsOverview } from '@yiwang/api/types/vitals.ts';
import { vitalSeriesQuery } from '@yiwang/api/vitals-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { TrendLine } from '@yiwang/ui/trend-line.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { IndicatorLink, IndicatorsLink } from './indicator-link.tsx';
import { percentIn, plainValue, scoreIn } from './values.ts';
import './index-panel.css';

/** The health index with its lamp, and what takes most away from it. */
export function IndexPanel({ overview, onOpen }: { overview: VitalsOverview; onOpen: () => void }) {
  const t = useT();
  const { name, score, lamp, grey_share: grey } = overview;
  return (
    <Panel
      title={t('vitals.index.title', { name })}
      className="vitals-index"
      extra={
        !overview.weights_verified && (
          <Chip tone="yellow" title={t('vitals.index.unverifiedHint')}>
            {t('vitals.index.unverified')}
          </Chip>
        )
      }
    >
      <button type="button" className="vitals-score" data-lamp={lamp ?? 'none'} onClick={onOpen}>
        <strong>{scoreIn(score)}</strong>
        <span className="vitals-score-words">
          <GradeLamp state={lamp} size="large" />
          <span className="yw-dim">{t('vitals.index.open')}</span>
        </span>
        <IndexTrend />
      </button>
      {typeof score !== 'number' && <p className="vitals-note">{t('vitals.index.tooGrey')}</p>}
      <p className="vitals-grey">
        <IndicatorsLink filter={{ state: 'stale' }}>
          {t('vitals.index.grey', { share: percentIn(grey), count: overview.counts.stale })}
        </IndicatorsLink>
      </p>
      <h3>{t('vitals.index.reasons')}</h3>
      <Reasons reasons={overview.reasons} />
    </Panel>
  );
}

/** The index of the last day. */
function IndexTrend() {
  const t = useT();
  const [search] = useSearchParams();
  const { data } = useQuery(vitalSeriesQuery('index', search.area, { hours: 24, step: 'hour' }));
  if (!data || data.points.length === 0) return null;
  return (
    <TrendLine
      values={data.points.map(({ value }) => value)}
      label={t('vitals.trend')}
      width={110}
      height={36}
    />
  );
}

/** What takes points away, the worst first. */
export function Reasons({ reasons }: { reasons: readonly VitalReason[] }) {
  const t = useT();
  const text = useText();
  if (reasons.length === 0) return <p className="yw-dim">{t('vitals.index.noReasons')}</p>;
  return (
    <ol className="vitals-reasons">
      {reasons.map((reason) => (
        <li key={reason.code}>
          <IndicatorLink code={reason.code}>{text(reason.name)}</IndicatorLink>
          <span>{plainValue(reason.value, reason.unit)}</span>
          <span className="vitals-loss" title={t('vitals.index.lossHint')}>
            −{Number(reason.loss.toFixed(reason.loss < 1 ? 2 : 1))}
          </span>
        </li>
      ))}
    </ol>
  );
}
