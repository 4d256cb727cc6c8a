import type {
  AlarmsFormula,
  DevicesFormula,
  FormulaBound,
  LastFormula,
  VitalFormula,
  WindowFormula,
} from '@yiwang/api/types/vital-formula.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { caseWords } from './case-words.ts';
import { type FormulaNames, listed, wordOf } from './formula-names.ts';

/** How a value is computed from facts; nothing for what has no words here. */
export function factWords(formula: VitalFormula, names: FormulaNames, isPart = false): string | undefined {
  const { t } = names;
  const word = wordOf(t);
  if (formula.last) return lastWords(formula.last, names);
  if (formula.window) return windowWords(formula.window, names);
  if (formula.devices) return deviceWords(formula.devices, names);
  if (formula.alarms) return alarmWords(formula.alarms, names);
  if (formula.cases) return caseWords(formula.cases, names);
  if (formula.feed) return isPart ? word('feedOf', { feed: formula.feed.feed }) : word('feed');
  if (formula.feeds) {
    const { state, aggregate } = formula.feeds;
    return word('feeds', { state: word(`feedState.${state}`), aggregate: word(`feedCount.${aggregate}`) });
  }
  if (formula.sql) return word('sql');
  return undefined;
}

const profilesIn = (names: FormulaNames, profiles: readonly string[] | undefined) =>
  profiles && profiles.length > 0
    ? listed(names.t, profiles.map(names.profile))
    : names.t('vitals.formula.allDevices');

/** `attr.warn` is each device's own. */
function boundWords({ op, value }: FormulaBound, unit: string, t: Translate): string {
  const word = wordOf(t);
  if (typeof value === 'number')
    return word(`bound.${op}`, { value: word(unit ? 'quantity' : 'number', { value, unit }) });
  const attribute = value.replace(/^attr\./, '');
  const key = `vitals.formula.attr.${attribute}`;
  const name = t(key);
  return word(`bound.${op}`, { value: word('own', { name: name === key ? attribute : name }) });
}

function aggregateWords(
  { aggregate, where }: LastFormula | WindowFormula,
  unit: string,
  t: Translate,
): string {
  const word = wordOf(t);
  const bound = where && boundWords(where, unit, t);
  if (aggregate === 'share') return bound ? word('share', { bound }) : word('shareAll');
  if (aggregate === 'count' && bound) return word('countWhere', { bound });
  const said =
    typeof aggregate === 'string'
      ? word(`aggregate.${aggregate}`)
      : word('aggregate.percentile', { percent: aggregate.percentile });
  return bound ? said + word('where', { bound }) : said;
}

function lastWords(last: LastFormula, names: FormulaNames): string {
  const word = wordOf(names.t);
  const { name, unit } = names.property(last.profiles, last.property);
  const said = word('last', {
    profiles: profilesIn(names, last.profiles),
    property: listed(names.t, [name]),
    aggregate: aggregateWords(last, unit, names.t),
  });
  const age = last.max_age ? word('maxAge', { span: spanText(names.t, last.max_age) }) : '';
  return said + age + scaleWords(last, names.t);
}

function windowWords(window: WindowFormula, names: FormulaNames): string {
  const word = wordOf(names.t);
  const { name, unit } = names.property(window.profiles, window.property);
  const highest = window.highest_within
    ? word('highestWithin', { span: spanText(names.t, window.highest_within) })
    : '';
  const said = word('window', {
    profiles: profilesIn(names, window.profiles),
    span: spanText(names.t, window.window),
    property: listed(names.t, [name]),
    perDevice: word(`perDevice.${window.per_device}`) + highest,
    aggregate: aggregateWords(window, unit, names.t),
  });
  return said + scaleWords(window, names.t);
}

const scaleWords = ({ scale }: LastFormula | WindowFormula, t: Translate) =>
  scale === undefined || scale === 1 ? '' : t('vitals.formula.scale', { scale });

function deviceWords({ profiles, state, aggregate }: DevicesFormula, names: FormulaNames): string {
  const word = wordOf(names.t);
  return word('devices', {
    profiles: profilesIn(names, profiles),
    state: word(`hearing.${state}`),
    aggregate: word(`deviceCount.${aggregate}`),
  });
}

function alarmWords(alarms: AlarmsFormula, names: FormulaNames): string {
  const { t } = names;
  const word = wordOf(t);
  const { rules = [], profiles = [], severity, state, age_over, within, per = 'count' } = alarms;
  const of =
    rules.length > 0
      ? word('ruleAlarms', { rules: listed(t, rules.map(names.rule)) })
      : profiles.length > 0
        ? word('profileAlarms', { profiles: profilesIn(names, profiles) })
        : word('allAlarms');
  const plain = word(`alarmState.${state}`);
  const said = within ? word('within', { state: plain, span: spanText(t, within) }) : plain;
  return word('alarms', {
    of: of + (severity ? word('severity', { severity }) : ''),
    state: said + (age_over ? word('ageOver', { span: spanText(t, age_over) }) : ''),
    per: word(`alarmPer.${per}`),
  });
}
