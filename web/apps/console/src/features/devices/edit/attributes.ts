import type { AlarmRule } from '@yiwang/api/types/alerting.ts';

/** One attribute as it is typed. */
export interface AttributeRow {
  name: string;
  text: string;
}

export const ATTRIBUTES_MAX = 64;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const rowsOf = (attributes: Record<string, unknown>): AttributeRow[] =>
  Object.entries(attributes).map(([name, value]) => ({ name, text: textOf(value) }));

/** What a typed value means: rules read numbers. */
export function meaningOf(text: string): unknown {
  const plain = text.trim();
  if (NUMBER.test(plain)) return Number(plain);
  if (plain === 'true' || plain === 'false') return plain === 'true';
  if (!/^[[{]/.test(plain)) return plain;
  try {
    return JSON.parse(plain);
  } catch {
    return plain;
  }
}

/** The attributes of the rows; one that was not touched keeps the kind that it had before. */
export function attributesOf(
  rows: readonly AttributeRow[],
  before: Record<string, unknown> = {},
): Record<string, unknown> {
  const named = rows.map(({ name, text }) => ({ name: name.trim(), text })).filter(({ name }) => name);
  return Object.fromEntries(
    named.map(({ name, text }) => {
      const isTouched = !(name in before) || textOf(before[name]) !== text;
      return [name, isTouched ? meaningOf(text) : before[name]];
    }),
  );
}

export type RowFault = 'nameless' | 'empty' | 'twice';

/** What is wrong with the rows, the first fault of each; rows with nothing in them are none. */
export function rowFaults(rows: readonly AttributeRow[]): (RowFault | undefined)[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const [name, text] = [row.name.trim(), row.text.trim()];
    if (!name) return text ? 'nameless' : undefined;
    if (seen.has(name)) return 'twice';
    seen.add(name);
    return text ? undefined : 'empty';
  });
}

/** The names that the rules in force read of a device of that profile: `attr.warn`. */
export function namesRead(rules: readonly AlarmRule[], profile: string | undefined): string[] {
  const names = new Set<string>();
  for (const { rule, profile: of, is_current } of rules) {
    if (of !== profile || !is_current) continue;
    for (const [, name] of JSON.stringify([rule.levels, rule.clear]).matchAll(/attr\.([\p{L}\p{N}_]+)/gu))
      if (name) names.add(name);
  }
  return [...names].sort();
}
