import type { AlarmRule, RuleUntil } from '@yiwang/api/types/alerting.ts';
import { useKnown, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import type { FactRow } from '@yiwang/ui/panel.tsx';
import { conditionWords, type Vocabulary } from '../../parts/condition-words.ts';
import { useRuleVocabulary } from './levels.tsx';

function endWords(end: RuleUntil | null | undefined, words: Vocabulary): string {
  const { t, parameter } = words;
  const bound = (value: number | string) => {
    const known = typeof value === 'string' ? parameter(value) : undefined;
    return known === undefined ? String(value) : `${value} (${known})`;
  };
  const parts: string[] = [];
  if (end?.when) parts.push(conditionWords(end.when, words));
  if (end?.below != null) parts.push(t('alerting.rules.below', { value: bound(end.below) }));
  if (end?.above != null) parts.push(t('alerting.rules.above', { value: bound(end.above) }));
  if (end?.by != null) parts.push(t('alerting.rules.by', { value: bound(end.by) }));
  if (parts.length === 0) parts.push(t('alerting.rules.clearNegation'));
  const lasting = end?.for ? t('alerting.words.for', { span: spanText(t, end.for) }) : '';
  return parts.join(' · ') + lasting;
}

/** What else the rule says, as pairs of label and words. */
export function useRuleFacts(rule: AlarmRule): (FactRow | false)[] {
  const t = useT();
  const text = useText();
  const known = useKnown();
  const words = useRuleVocabulary()(rule);
  const word = (key: string, values?: Record<string, unknown>) => t(`alerting.rules.${key}`, values);
  const { clear, count, agreement, schedule } = rule.rule;
  const days = (given: string | { weekdays: string[] } | undefined) =>
    typeof given === 'object' ? given.weekdays.join(' ') : known('alerting.rules.days', given ?? 'all');
  const hours = schedule?.hours.map((one) => `${days(one.days)} ${one.from}–${one.to}`).join('；');
  const within = [
    ...(rule.scope?.areas ?? []),
    ...(rule.scope?.groups ?? []),
    ...(rule.scope?.devices ?? []),
  ];
  const often = count && word('count', { times: count.times, within: spanText(t, count.within) });
  const agreed =
    agreement && word('agreement', { members: agreement.members, within: spanText(t, agreement.within) });
  return [
    { label: word('clear'), value: endWords(clear, words), wide: true },
    Boolean(hours) && { label: word('schedule'), value: hours, wide: true },
    Boolean(often || agreed) && {
      label: t('alerting.detail.condition'),
      value: [often, agreed].filter(Boolean).join('；'),
      wide: true,
    },
    {
      label: word('case'),
      value: rule.case
        ? word('caseWords', { severity: t(`alerting.severity.${rule.case.from}`), item: rule.case.item })
        : word('noCase'),
      wide: true,
    },
    {
      label: word('scope'),
      value: within.length > 0 ? within.join('、') : word('everywhere'),
      wide: true,
    },
    Boolean(rule.source) && { label: word('source'), value: text(rule.source), wide: true },
    Boolean(rule.grouping) && {
      label: t('rules.more.grouping'),
      value: t('rules.more.groupingWords', {
        members: rule.grouping?.members,
        within: spanText(t, rule.grouping?.within ?? ''),
      }),
      wide: true,
    },
    Boolean(rule.explained_by?.length) && {
      label: t('rules.more.explainedBy'),
      value: rule.explained_by?.join('、'),
      wide: true,
    },
    Boolean(rule.unattended?.length) && {
      label: t('rules.more.unattended'),
      value: rule.unattended?.map((step) => `${spanText(t, step.after)} → ${step.to}`).join('；'),
      wide: true,
    },
    rule.origin === 'pack' && { label: word('pack'), value: rule.pack },
    { label: word('published'), value: `${dayTime(rule.published_at)} ${rule.published_by}` },
  ];
}
