import { useQuery } from '@tanstack/react-query';
import { alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { itemsQuery } from '@yiwang/api/catalog-api.ts';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { VitalFormula } from '@yiwang/api/types/vital-formula.ts';
import { useLanguage, useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { indicatorsQuery } from '../data/vitals.ts';
import { type FormulaText, formulaText } from './formula.ts';

/** The kinds of facts in a formula, also in the parts of a derived one. */
function kindsOf(formula: VitalFormula): Set<string> {
  const kinds = new Set(Object.keys(formula));
  for (const fact of Object.values(formula.derived?.facts ?? {}))
    for (const kind of Object.keys(fact)) kinds.add(kind);
  return kinds;
}

/** A formula with the names that the platform has for its codes; only those are read that it needs. */
export function useFormula(
  formula: VitalFormula | undefined,
  area: string | undefined,
): FormulaText | undefined {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const language = useLanguage();
  const kinds = formula ? kindsOf(formula) : new Set<string>();
  const has = (...of: string[]) => of.some((kind) => kinds.has(kind));
  const profiles = useQuery({ ...profilesQuery, enabled: has('last', 'window', 'devices', 'alarms') }).data;
  const items = useQuery({ ...itemsQuery, enabled: has('cases') }).data;
  const rules = useQuery({ ...alarmRulesQuery, enabled: has('alarms') }).data;
  const uses = (formula?.derived?.uses?.length ?? 0) > 0;
  const indicators = useQuery({ ...indicatorsQuery(area), enabled: uses }).data;
  if (!formula) return undefined;
  const profileOf = (code: string) => profiles?.find((one) => one.code === code);
  const names = {
    t,
    profile: (code: string) => text(profileOf(code)?.name) || code,
    property: (of: readonly string[], code: string) => {
      const all = of.flatMap((profile) => profileOf(profile)?.properties ?? []);
      const found = all.find((one) => one.code === code);
      return { name: text(found?.name) || code, unit: found?.unit ?? '' };
    },
    item: (code: string) => text(items?.find((one) => one.code === code)?.name) || code,
    rule: (code: string) => text(rules?.find(({ rule }) => rule.id === code)?.rule.name) || code,
    channel: (code: string) => term('source', code),
    indicator: (code: string) => text(indicators?.find((one) => one.code === code)?.name) || code,
  };
  return formulaText(formula, names, language !== 'en');
}
