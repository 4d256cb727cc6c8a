import type { Reading } from '@yiwang/api/types/alerting.ts';
import type { Translate } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';

export interface Vocabulary {
  t: Translate;
  /** The name of a property of the device's kind. */
  property: (code: string) => string | undefined;
  /** The value of a parameter of the rule. */
  parameter: (name: string) => number | undefined;
}

const SPAN = String.raw`(?:\d+(?:ms|[smhd]))+`;
const NAME = String.raw`[a-z_]\w*`;
// A call over a stretch; what it lasts; silence; an attribute; a name; a sign.
const TOKENS = new RegExp(
  [
    String.raw`\b(?<call>avg|sum|min|max|rate|delta|count|missing)\(\s*(?<of>[^(),]+?)\s*,\s*"?(?<over>${SPAN})"?\s*\)`,
    String.raw`\s+for\s+(?<lasting>${SPAN})`,
    String.raw`\b(?:missing|silent)(?:\s+for)?\s+(?<missing>${SPAN})`,
    String.raw`\battr\.(?<attr>\w+)`,
    String.raw`\b(?<name>${NAME})\b`,
    String.raw`(?<sign>>=|<=|==|!=|&&|\|\|)`,
  ].join('|'),
  'gi',
);

const SIGNS: Record<string, string> = { '>=': '≥', '<=': '≤', '==': '=', '!=': '≠' };

/** A condition as an officer would say it. What is not known stays as it was written. */
export function conditionWords(condition: string, { t, property, parameter }: Vocabulary): string {
  return condition.replace(TOKENS, (...found) => {
    const whole = String(found[0]);
    const { call, of, over, lasting, missing, attr, name, sign } = found.at(-1) as Record<
      string,
      string | undefined
    >;
    if (call === 'missing' && of && over)
      return `${property(of) ?? of} ${t('alerting.words.missing', { span: spanText(t, over) })}`;
    if (call && of && over)
      return t(`alerting.words.${call.toLowerCase()}`, { name: property(of) ?? of, span: spanText(t, over) });
    if (lasting) return t('alerting.words.for', { span: spanText(t, lasting) });
    if (missing) return t('alerting.words.missing', { span: spanText(t, missing) });
    if (attr) return withValue(t('alerting.words.attr', { name: attr }), parameter(`attr.${attr}`));
    if (name) return property(name) ?? withValue(name, parameter(name));
    if (sign === '&&') return t('alerting.words.and').trim();
    if (sign === '||') return t('alerting.words.or').trim();
    return (sign && SIGNS[sign]) ?? whole;
  });
}

const withValue = (name: string, value: number | undefined) =>
  value === undefined ? name : `${name} (${Number(value.toPrecision(6))})`;

/** A reading that says only that nothing came; its number says nothing. */
export const isSilence = (name: string): boolean => name.startsWith('missing(');

export interface Threshold {
  name: string;
  value: number;
}

/**
 * The thresholds that the property itself was held against, and that may therefore be drawn over its values: a limit
 * of a rate or of a sum is in other units and would lie.
 */
export function thresholdsOf(condition: string, readings: readonly Reading[], property: string): Threshold[] {
  const same = String.raw`(?:\b(?:avg|min|max)\(\s*${property}\s*,[^)]*\)|(?<![\w.(])${property}\b)`;
  const held = new RegExp(String.raw`${same}\s*(?:>=|<=|>|<)\s*(attr\.\w+|[a-z_]\w*|-?\d+(?:\.\d+)?)`, 'gi');
  const found = [...condition.matchAll(held)].flatMap(([, name = '']) => {
    const literal = Number(name);
    const value = Number.isFinite(literal) ? literal : readings.find((one) => one.name === name)?.value;
    return typeof value === 'number' ? [{ name, value }] : [];
  });
  return found.filter((one, index) => found.findIndex((other) => other.name === one.name) === index);
}

/** Readings that are values of parameters, for saying a threshold with its number. */
export const valueIn =
  (readings: readonly Reading[]) =>
  (name: string): number | undefined =>
    readings.find((reading) => reading.name === name)?.value ?? undefined;
