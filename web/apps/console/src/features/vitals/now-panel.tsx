import type { IndicatorDetail } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Alert } from '@yiwang/ui/controls.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { useNow } from '../../app/use-now.ts';
import { useAreaName } from './use-names.ts';
import { ageWords, numberIn, scoreIn, valueIn } from './values.ts';

/** The number now, its grade and since when; what keeps it from being believed. */
export function NowPanel({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const areaName = useAreaName();
  const { code, name, state, since, unit, precision } = detail;
  return (
    <Panel
      title={
        <>
          {text(name)} <span className="yw-mono yw-dim">{code}</span>
        </>
      }
      extra={
        <>
          <span className="yw-dim">{areaName(detail.area)}</span>
          {!detail.verified && (
            <Chip tone="yellow" title={t('vitals.verified.noHint')}>
              {t('vitals.verified.no')}
            </Chip>
          )}
        </>
      }
      className="vitals-now"
    >
      <div className="vitals-now-facts">
        <strong className="vitals-now-value" data-state={state}>
          {state === 'waiting' ? '—' : numberIn(detail.value, precision)}
          {unit && <small> {unit}</small>}
        </strong>
        <dl>
          <Fact label={t('vitals.column.grade')}>
            <GradeLamp state={state} />
          </Fact>
          <Fact label={t('vitals.column.since')}>
            {since ? (
              <>
                {fullTime(since)}
                <span className="cell-two">
                  {t('vitals.lasting', { span: spanWords(t, Math.max(0, now - Date.parse(since))) })}
                </span>
              </>
            ) : (
              '—'
            )}
          </Fact>
          <Fact label={t('vitals.column.usual')}>{valueIn(detail.usual, precision, unit)}</Fact>
          <Fact label={t('vitals.column.age')}>
            {ageWords(t, detail.age_seconds)}
            <span className="cell-two">{fullTime(detail.at)}</span>
          </Fact>
          <Fact label={t('vitals.column.score')}>{scoreIn(detail.score)}</Fact>
        </dl>
      </div>
      {state === 'waiting' && (
        <Alert
          type="info"
          showIcon
          title={t('vitals.detail.waiting')}
          description={text(detail.waiting_reason)}
        />
      )}
      {state === 'stale' && (
        <Alert
          type="warning"
          showIcon
          title={
            typeof detail.age_seconds === 'number'
              ? t('vitals.staleFor', { span: ageWords(t, detail.age_seconds) })
              : t('vitals.neverHeard')
          }
          description={text(detail.waiting_reason) || t('vitals.detail.staleHint')}
        />
      )}
      {state === 'ungraded' && <p className="vitals-note">{t('vitals.detail.ungraded')}</p>}
    </Panel>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
