import type { FindingPlace, RuleEntryText } from '@yiwang/api/types/alarm-rule.ts';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from 'yaml';

export type EntryFormat = 'yaml' | 'json';

/** Where in the text, from 1; `offset` is from 0. */
export interface TextPlace {
  line: number;
  column: number;
  offset: number;
}

export interface TextFault extends TextPlace {
  message: string;
}

export interface ReadEntry {
  /** Nothing where the text cannot be read. */
  entry: RuleEntryText | undefined;
  faults: TextFault[];
  /** Where that which a pointer names stands, or what is nearest around it. */
  placeOf: (pointer: string, within?: FindingPlace | null) => TextPlace | undefined;
}

const LINE_WIDTH = 110;
const ALIASES_MAX = 50;

export const formatOf = (text: string): EntryFormat => (text.trimStart().startsWith('{') ? 'json' : 'yaml');

export const writeEntry = (entry: RuleEntryText, format: EntryFormat): string =>
  format === 'json'
    ? `${JSON.stringify(entry, undefined, 2)}\n`
    : stringify(entry, { lineWidth: LINE_WIDTH, aliasDuplicateObjects: false });

/** JSON is YAML as well, so one reader reads both and knows where everything stands. */
export function readEntry(text: string): ReadEntry {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placed = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, offset };
  };
  const faults: TextFault[] = document.errors.map(({ message, pos }) => ({ message, ...placed(pos[0]) }));
  const placeOf = (pointer: string, within?: FindingPlace | null) => {
    const found = nearest(document.contents, pointer);
    return found && placed(found.isWhole && within ? offsetIn(found.node, within) : startOf(found.node));
  };
  if (faults.length > 0) return { entry: undefined, faults, placeOf };
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    if (isEntry(value)) return { entry: value, faults, placeOf };
    return { entry: undefined, faults: [{ message: '{ … }', ...placed(0) }], placeOf };
  } catch (fault) {
    return {
      entry: undefined,
      faults: [{ message: String((fault as Error).message), ...placed(0) }],
      placeOf,
    };
  }
}

const isEntry = (value: unknown): value is RuleEntryText =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function nearest(root: unknown, pointer: string): { node: Node; isWhole: boolean } | undefined {
  let node = isNode(root) ? root : undefined;
  for (const key of keysOf(pointer)) {
    const inner = childOf(node, key);
    if (!isNode(inner)) return node && { node, isWhole: false };
    node = inner;
  }
  return node && { node, isWhole: true };
}

function childOf(node: Node | undefined, key: string): unknown {
  if (isSeq(node)) return node.items[Number(key)];
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === key)?.value;
}

const startOf = (node: Node) => node.range?.[0] ?? 0;

/** A place within a text that stands on one line; quotes are no part of what was found. */
function offsetIn(node: Node, within: FindingPlace): number {
  const start = startOf(node);
  if (!isScalar(node) || within.line !== 1) return start;
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return start;
  const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  return Math.min(start + quote + within.column - 1, node.range?.[1] ?? start);
}
