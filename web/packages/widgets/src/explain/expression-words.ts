import type { Translate } from '@yiwang/i18n/i18n.ts';

const SIGNS: Record<string, string> = {
  '>=': '≥',
  '<=': '≤',
  '==': '=',
  '!=': '≠',
  '*': '×',
  '/': '÷',
  '-': '−',
};

/** The parts of `a ? b : c`, of which only the outermost is looked for; nothing where it is no choice. */
function choiceOf(text: string): [string, string, string] | undefined {
  let [depth, question, nested] = [0, -1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (depth === 0 && sign === '?') {
      if (question < 0) question = at;
      else nested += 1;
    } else if (depth === 0 && sign === ':' && question >= 0) {
      if (nested > 0) nested -= 1;
      else return [text.slice(0, question), text.slice(question + 1, at), text.slice(at + 1)];
    }
  }
  return undefined;
}

/** Without parentheses that hold all of it. */
function bare(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('(') || !trimmed.endsWith(')')) return trimmed;
  let depth = 0;
  for (let at = 0; at < trimmed.length; at += 1) {
    if (trimmed[at] === '(') depth += 1;
    if (trimmed[at] === ')') depth -= 1;
    if (depth === 0 && at < trimmed.length - 1) return trimmed;
  }
  return bare(trimmed.slice(1, -1));
}

const TOKENS = /\b(?<name>[a-z_]\w*)\b|(?<number>\d+(?:\.\d+)?)|(?<sign>>=|<=|==|!=|&&|\|\||[*/-])/gi;

/** An expression as a sum is written on paper; what is chosen between is said case by case. */
export function expressionWords(expr: string, nameOf: (name: string) => string, t: Translate): string {
  const choice = choiceOf(bare(expr));
  if (choice) {
    const [condition, value, rest] = choice;
    const said = t('vitals.formula.choose', {
      condition: expressionWords(condition, nameOf, t),
      value: expressionWords(value, nameOf, t),
    });
    const other = expressionWords(rest, nameOf, t);
    const isMore = choiceOf(bare(rest)) !== undefined;
    return (
      said + t('vitals.formula.next') + (isMore ? other : t('vitals.formula.otherwise', { value: other }))
    );
  }
  return bare(expr).replace(TOKENS, (...found) => {
    const { name, number, sign } = found.at(-1) as Record<string, string | undefined>;
    if (name) return nameOf(name);
    if (number) return String(Number(number));
    if (sign === '&&') return t('vitals.formula.both').trim();
    if (sign === '||') return t('vitals.formula.either').trim();
    return (sign && SIGNS[sign]) ?? String(found[0]);
  });
}
