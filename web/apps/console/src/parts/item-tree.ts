import type { ItemView } from '@yiwang/api/types/catalog.ts';

export interface ItemNode {
  item: ItemView;
  children: ItemNode[];
}

const parentOf = (code: string): string => code.split('.').slice(0, -1).join('.');

/** Items that have nothing under them: what a case can be. */
export function leafCodes(items: readonly ItemView[]): Set<string> {
  const parents = new Set(items.map((item) => parentOf(item.code)));
  return new Set(items.filter((item) => !parents.has(item.code)).map((item) => item.code));
}

/** The items as a tree by their codes, each level in the order of its codes. */
export function itemTree(items: readonly ItemView[]): ItemNode[] {
  const nodes = new Map<string, ItemNode>(items.map((item) => [item.code, { item, children: [] }]));
  const roots: ItemNode[] = [];
  for (const node of [...nodes.values()].sort((a, b) => a.item.code.localeCompare(b.item.code))) {
    (nodes.get(parentOf(node.item.code))?.children ?? roots).push(node);
  }
  return roots;
}

/** Only the branches in which something matches. */
export function prune(nodes: readonly ItemNode[], matches: (item: ItemView) => boolean): ItemNode[] {
  return nodes.flatMap((node) => {
    if (matches(node.item)) return [node];
    const children = prune(node.children, matches);
    return children.length > 0 ? [{ item: node.item, children }] : [];
  });
}
