import type { Translate } from '@yiwang/i18n/i18n.ts';

/** What codes are called; the code itself where nobody says. */
export interface FormulaNames {
  t: Translate;
  profile(code: string): string;
  /** Of a property of one of these kinds of devices. */
  property(profiles: readonly string[], code: string): { name: string; unit: string };
  item(code: string): string;
  rule(code: string): string;
  /** The way that a case came in by. */
  channel(code: string): string;
  indicator(code: string): string;
}

/** A word of formulas. */
export const wordOf = (t: Translate) => (key: string, values?: Record<string, unknown>) =>
  t(`vitals.formula.${key}`, values);

export const listed = (t: Translate, names: readonly string[]): string =>
  names.map((name) => t('vitals.formula.named', { name })).join(t('vitals.formula.and'));
