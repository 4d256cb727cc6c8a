import type { RuleEntryText } from '@yiwang/api/types/alarm-rule.ts';

export type EntryPath = readonly (string | number)[];

/** Parts that go when nothing is left in them. */
const OPTIONAL = new Set(['clear', 'case', 'params', 'scope', 'source', 'until']);

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of an entry that may be anything. */
export function at(entry: unknown, path: EntryPath): unknown {
  return path.reduce<unknown>((tree, key) => {
    if (typeof key === 'number') return Array.isArray(tree) ? tree[key] : undefined;
    return isTree(tree) ? tree[key] : undefined;
  }, entry);
}

export function textAt(entry: unknown, path: EntryPath): string {
  const found = at(entry, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

export function listAt(entry: unknown, path: EntryPath): unknown[] {
  const found = at(entry, path);
  return Array.isArray(found) ? found : [];
}

function changed(tree: unknown, [key, ...rest]: EntryPath, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(tree) ? [...tree] : [];
    const next = changed(list[key], rest, value);
    if (next === undefined) list.splice(key, 1);
    else list[key] = next;
    return list;
  }
  const map = isTree(tree) ? { ...tree } : {};
  const next = changed(map[key], rest, value);
  const isEmptied = rest.length > 0 && OPTIONAL.has(key) && isTree(next) && Object.keys(next).length === 0;
  if (next === undefined || isEmptied) delete map[key];
  else map[key] = next;
  return map;
}

/** The entry with one thing changed; nothing takes it out. What the form does not know stays as it is. */
export const put = (entry: RuleEntryText, path: EntryPath, value: unknown): RuleEntryText =>
  changed(entry, path, value) as RuleEntryText;

/** What is typed where a number or the name of a parameter may stand. */
export function boundOf(typed: string): number | string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** A parameter renamed keeps its value and its place. */
export function renamed(params: Record<string, unknown>, from: string, to: string): Record<string, unknown> {
  if (to === '' || (to !== from && to in params)) return params;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name === from ? to : name, value]),
  );
}
