import type { CasesFormula } from '@yiwang/api/types/vital-formula.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { type FormulaNames, listed, wordOf } from './formula-names.ts';

const CALENDAR = ['today', 'month', 'year'];

/** Which cases, and what is made of them. */
export function caseWords(
  { items, channels, state, over, measure }: CasesFormula,
  names: FormulaNames,
): string {
  const { t } = names;
  const word = wordOf(t);
  const cases = word('cases', {
    state: word(`caseState.${state}`, { over: overWords(over, t) }),
    channels:
      channels && channels.length > 0
        ? word('channels', { channels: channels.map(names.channel).join(word('and')) })
        : '',
    items: items && items.length > 0 ? word('items', { items: listed(t, items.map(names.item)) }) : '',
  });
  if (typeof measure === 'string') return word(`measure.${measure}`, { cases });
  if ('share' in measure) return shareWords(cases, measure.share, t);
  if ('mean_duration' in measure) {
    const { from, to } = measure.mean_duration;
    return word('measure.duration', { cases, from: word(`step.${from}`), to: word(`step.${to}`) });
  }
  if ('surges' in measure) return word('measure.surges', { cases, ...measure.surges });
  const { members, radius_m: radius } = measure.clusters;
  return word('measure.clusters', { cases, members, radius });
}

function overWords(over: string | undefined, t: Translate): string {
  if (!over) return '';
  if (CALENDAR.includes(over)) return t(`vitals.formula.over.${over}`);
  return t('vitals.formula.over.past', { span: spanText(t, over) });
}

function shareWords(
  cases: string,
  { numerator, denominator = [] }: { numerator: string[]; denominator?: string[] },
  t: Translate,
): string {
  const word = wordOf(t);
  const all = (conditions: readonly string[]) =>
    conditions.map((one) => word(`condition.${one}`)).join(word('both'));
  if (denominator.length === 0) return word('measure.share', { cases, numerator: all(numerator) });
  return word('measure.shareOf', { cases, numerator: all(numerator), denominator: all(denominator) });
}
