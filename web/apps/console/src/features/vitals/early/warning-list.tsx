import type { EarlyWarning, WarningOutcome } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { useEffect, useRef } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { IndicatorLink } from '../indicator-link.tsx';
import { useAreaName } from '../use-names.ts';
import { plainValue } from '../values.ts';
import { useRecordWords, useTrust } from './use-trust.ts';
import { wayOf } from './warnings.ts';
import './early.css';

const TONES: Record<WarningOutcome, Tone> = { pending: 'plain', right: 'accent', false: 'plain' };
const MINUTE_MS = 60_000;

interface ListProps {
  warnings: readonly EarlyWarning[];
  label: string;
  cursor?: string | undefined;
  /** All of one indicator: its name and its record are said elsewhere. */
  isOfOne?: boolean;
}

/** Warnings, each with what crosses which limit, where, when, how sure, and what became of it. */
export function WarningList({ warnings, label, cursor, isOfOne = false }: ListProps) {
  return (
    <ul className="early-list" aria-label={label} data-of-one={isOfOne}>
      {warnings.map((warning) => (
        <Row key={warning.id} warning={warning} isCursor={warning.id === cursor} isOfOne={isOfOne} />
      ))}
    </ul>
  );
}

function Row({ warning, isCursor, isOfOne }: { warning: EarlyWarning; isCursor: boolean; isOfOne: boolean }) {
  const t = useT();
  const now = useNow();
  const areaName = useAreaName();
  const { grade, unit, value, limit, outcome } = warning;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCursor) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCursor]);
  return (
    <li ref={row} id={`warning-${warning.id}`} data-current={isCursor} data-outcome={outcome}>
      {outcome === 'pending' ? (
        <GradeLamp state={grade} label={t('vitals.early.becomes', { grade: t(`vitals.state.${grade}`) })} />
      ) : (
        <GradeLamp state={grade} />
      )}
      {!isOfOne && <Name warning={warning} />}
      <span className="early-limit">
        <strong>{t(`vitals.early.${wayOf(warning)}`, { limit: plainValue(limit, unit) })}</strong>
        <span className="cell-two">
          {isOfOne && `${areaName(warning.area)} · `}
          {t('vitals.early.valueThen', { value: plainValue(value, unit) })}
        </span>
      </span>
      <When warning={warning} now={now} />
      <span className="early-given">
        {outcome === 'pending' ? (
          t('vitals.early.given', { time: shortTime(warning.at, now) })
        ) : (
          <>
            <Chip tone={TONES[outcome]}>{t(`vitals.early.outcome.${outcome}`)}</Chip>
            <span className="cell-two">{t('vitals.early.given', { time: shortTime(warning.at, now) })}</span>
          </>
        )}
      </span>
      {!isOfOne && <Record code={warning.indicator} />}
    </li>
  );
}

function Name({ warning }: { warning: EarlyWarning }) {
  const text = useText();
  const areaName = useAreaName();
  return (
    <span className="early-name">
      <IndicatorLink code={warning.indicator} area={warning.area}>
        {text(warning.name)}
      </IndicatorLink>
      <span className="cell-two">
        <span className="yw-mono">{warning.indicator}</span> · {areaName(warning.area)}
      </span>
    </span>
  );
}

/** When it is crossed more likely than not, and when at the earliest. */
function When({ warning, now }: { warning: EarlyWarning; now: number }) {
  const t = useT();
  const { expected_at, earliest_at, outcome } = warning;
  const left = Date.parse(expected_at) - now;
  const isOpen = outcome === 'pending';
  return (
    <span className="early-when">
      <span>
        {t('vitals.early.expected', { time: shortTime(expected_at, now) })}
        {isOpen && left > 0 && (
          <>
            {' · '}
            <strong>
              {left < MINUTE_MS
                ? t('vitals.early.soon')
                : t('vitals.early.left', { span: spanWords(t, left) })}
            </strong>
          </>
        )}
      </span>
      {isOpen && (
        <span className="cell-two">
          {left <= 0 ? t('vitals.early.passed') : t('vitals.early.evens')}
          {left > 0 && earliest_at && Date.parse(earliest_at) > now && (
            <> · {t('vitals.early.earliest', { time: shortTime(earliest_at, now) })}</>
          )}
        </span>
      )}
    </span>
  );
}

function Record({ code }: { code: string }) {
  const trust = useTrust()(code);
  const words = useRecordWords();
  return <span className="early-record">{trust ? words(trust) : ''}</span>;
}
