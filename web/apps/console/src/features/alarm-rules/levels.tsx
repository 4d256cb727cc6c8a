import type { AlarmRule, RuleLevel } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { useNow } from '../../app/use-now.ts';
import { conditionWords, type Vocabulary } from '../../parts/condition-words.ts';
import { SeverityChip } from '../../parts/severity.tsx';
import { useVocabulary } from '../../parts/use-vocabulary.ts';
import { parameterOf } from './parameter.ts';

/** The words of a rule, with its thresholds as they are now. */
export function useRuleVocabulary(): (rule: AlarmRule) => Vocabulary {
  const now = useNow();
  const vocabulary = useVocabulary();
  return (rule) => vocabulary(rule.profile, (name) => parameterOf(rule.rule, name, now));
}

function levelWords(level: RuleLevel, words: Vocabulary): string {
  const { t } = words;
  const what = level.missing
    ? t('alerting.words.missing', { span: spanText(t, level.missing) })
    : conditionWords(level.when ?? '', words);
  return level.for ? what + t('alerting.words.for', { span: spanText(t, level.for) }) : what;
}

/** What raises an alarm, and how severe it then is; the worst first. */
export function Levels({ rule, withText = false }: { rule: AlarmRule; withText?: boolean }) {
  const t = useT();
  const words = useRuleVocabulary()(rule);
  return (
    <ul className="rule-levels" aria-label={t('alerting.rules.levels')}>
      {[...rule.rule.levels].reverse().map((level) => (
        <li key={level.severity}>
          <SeverityChip severity={level.severity} />
          <span>
            {levelWords(level, words)}
            {withText && level.when && <code className="yw-dim">{level.when}</code>}
          </span>
        </li>
      ))}
    </ul>
  );
}
