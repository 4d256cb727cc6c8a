import type { CaseFlowGroup } from '@yiwang/api/types/incident.ts';

export interface Flow {
  nodes: { id: string; name: string; column: number }[];
  links: { from: string; to: string; value: number }[];
}

export interface FlowWords {
  source(code: string): string;
  lead(group: CaseFlowGroup): { id: string; name: string };
  state(group: CaseFlowGroup): { id: string; name: string };
  rest: string;
}

interface Path {
  steps: { id: string; name: string }[];
  count: number;
}

/** Sources and units that are told apart; the others are one. */
const APART_MAX = 7;

function keep(counts: ReadonlyMap<string, number>): Set<string> {
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  const kept = sorted.length <= APART_MAX ? sorted : sorted.slice(0, APART_MAX - 1);
  return new Set(kept.map(([id]) => id));
}

function counted(paths: readonly Path[], column: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { steps, count } of paths) {
    const id = steps[column]?.id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return counts;
}

/** Cases from where they came over who leads them to how they stand. */
export function flowOf(groups: readonly CaseFlowGroup[], words: FlowWords): Flow {
  const paths = groups.map(
    (group): Path => ({
      steps: [
        { id: `source:${group.source}`, name: words.source(group.source) },
        words.lead(group),
        words.state(group),
      ],
      count: group.count,
    }),
  );
  const kept = [0, 1, 2].map((column) => keep(counted(paths, column)));
  const nodes = new Map<string, Flow['nodes'][number]>();
  const links = new Map<string, Flow['links'][number]>();
  for (const path of paths) {
    const steps = path.steps.map((step, column) => {
      const isKept = kept[column]?.has(step.id) ?? false;
      const node = isKept ? { ...step, column } : { id: `rest:${column}`, name: words.rest, column };
      nodes.set(node.id, node);
      return node.id;
    });
    for (const [from, to] of [steps.slice(0, 2), steps.slice(1, 3)]) {
      if (!from || !to) continue;
      const key = `${from}>${to}`;
      const link = links.get(key) ?? { from, to, value: 0 };
      links.set(key, { ...link, value: link.value + path.count });
    }
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}
