import { Link } from '@tanstack/react-router';
import type { AlarmDetail } from '@yiwang/api/types/alerting.ts';
import { numberWords } from '@yiwang/chart/shape.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { conditionWords, isSilence, valueIn } from '../../parts/condition-words.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { useVocabulary } from '../../parts/use-vocabulary.ts';
import { latestStep } from './steps.ts';
import { useRuleName } from './use-rule-name.ts';

/** Rule, condition and values, complete enough to answer "why" years later. */
export function Why({ alarm }: { alarm: AlarmDetail }) {
  const t = useT();
  const ruleName = useRuleName();
  const vocabulary = useVocabulary();
  const { condition, readings = [], at } = latestStep(alarm);
  const words = vocabulary(alarm.profile, valueIn(readings));
  const plain = { ...words, parameter: () => undefined };
  const word = (key: string) => t(`alerting.detail.${key}`);
  return (
    <SideSection
      title={word('why')}
      extra={
        <>
          <Link to="/alarm-rules" search={{ rule: alarm.rule }}>
            {ruleName(alarm)}
          </Link>{' '}
          {t('alerting.detail.ruleVersion', { version: alarm.rule_version })}
        </>
      }
    >
      <p className="alarm-why">
        {condition ? conditionWords(condition, words) : word('missing')}
        {condition && <code className="yw-dim">{condition}</code>}
      </p>
      {readings.length > 0 && (
        <ul className="alarm-readings" aria-label={word('readings')}>
          {readings.map((reading) => (
            <li key={reading.name}>
              <span>{conditionWords(reading.name, plain)}</span>
              {typeof reading.value === 'number' && !isSilence(reading.name) && (
                <strong>{numberWords(reading.value)}</strong>
              )}
            </li>
          ))}
        </ul>
      )}
      {at && (
        <span className="yw-dim">
          {word('at')} {fullTime(at)}
        </span>
      )}
    </SideSection>
  );
}
