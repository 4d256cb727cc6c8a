import type { DerivedFormula, VitalFormula } from '@yiwang/api/types/vital-formula.ts';
import { expressionWords } from './expression-words.ts';
import { type FormulaNames, wordOf } from './formula-names.ts';
import { factWords } from './formula-words.ts';

export interface FormulaText {
  text: string;
  /** What the marks of an expression stand for. */
  parts: { mark: string; text: string }[];
  /** The codes that it is made of, for whoever looks them up. */
  codes: string;
}

const MARKS = '甲乙丙丁戊己庚辛';
const LETTERS = 'ABCDEFGH';

/** A formula for people; nothing for what has no words here. */
export function formulaText(
  formula: VitalFormula,
  names: FormulaNames,
  isChinese: boolean,
): FormulaText | undefined {
  const codes = codesOf(formula);
  if (formula.derived) return derivedText(formula.derived, names, isChinese ? MARKS : LETTERS);
  const text = factWords(formula, names);
  return text === undefined ? undefined : { text, parts: [], codes };
}

function derivedText(derived: DerivedFormula, names: FormulaNames, marks: string): FormulaText | undefined {
  const facts = Object.entries(derived.facts ?? {});
  const uses = derived.uses ?? [];
  if (facts.length > marks.length) return undefined;
  const parts = facts.map(([name, fact], at) => ({
    ...{ name, mark: marks[at] ?? '' },
    text: factWords(fact, names, true) ?? codesOf(fact),
  }));
  const word = wordOf(names.t);
  const nameOf = (name: string) => {
    const part = parts.find((one) => one.name === name);
    if (part) return part.mark;
    const used = uses.find((code) => code.toLowerCase() === name);
    return used ? word('named', { name: names.indicator(used) }) : name;
  };
  const expr = expressionWords(derived.expr, nameOf, names.t);
  return {
    text: parts.length > 0 ? word('derived', { expr }) : expr,
    parts: parts.map(({ mark, text }) => ({ mark, text })),
    codes: codesOf({ derived }),
  };
}

/** The codes that a formula is made of. */
export function codesOf(formula: VitalFormula): string {
  const { last, window, devices, alarms, cases, feed, derived } = formula;
  const measured = last ?? window;
  if (measured) return measured.profiles.map((profile) => `${profile}.${measured.property}`).join(' ');
  if (devices) return (devices.profiles ?? []).join(' ');
  if (alarms) return [...(alarms.rules ?? []), ...(alarms.profiles ?? [])].join(' ');
  if (cases) return [...(cases.items ?? []), ...(cases.channels ?? [])].join(' ');
  if (feed) return feed.feed;
  if (!derived) return '';
  const facts = Object.entries(derived.facts ?? {}).map(([name, fact]) => `${name}: ${codesOf(fact)}`);
  return [derived.expr, ...facts].join('; ');
}
