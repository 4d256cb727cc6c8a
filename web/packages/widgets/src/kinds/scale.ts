import type { Indicator, IndicatorDetail, VitalLimit } from '@yiwang/api/types/vitals.ts';

type Tone = 'normal' | 'attention' | 'warning' | 'alarm';

export interface Scale {
  min: number;
  max: number;
  bands: { to: number; tone: Tone }[];
}

const GRADES = ['attention', 'warning', 'alarm'] as const;

interface Edge {
  value: number;
  tone: Tone;
  side: 'above' | 'below';
}

function edgesOf(limit: VitalLimit | undefined, tone: Tone): Edge[] {
  if (!limit) return [];
  const [one, other] = [limit.value].flat();
  if (limit.op === 'outside' && one !== undefined && other !== undefined)
    return [
      { value: one, tone, side: 'below' },
      { value: other, tone, side: 'above' },
    ];
  const side = limit.op.startsWith('>') ? 'above' : 'below';
  return one === undefined ? [] : [{ value: one, tone, side }];
}

const rangeOf = (entry: Record<string, unknown>): { min?: number; max?: number } => {
  const { range } = entry as { range?: { min?: number; max?: number } };
  return range ?? {};
};

/** What a dial shows: from a range that holds value and limits, a band for each grade. */
export function scaleOf(
  row: Pick<Indicator, 'value'>,
  definition: Pick<IndicatorDetail, 'thresholds' | 'entry'>,
): Scale {
  const { thresholds, entry } = definition;
  const isOnValue = thresholds && (!thresholds.on || thresholds.on === 'value');
  const edges = isOnValue ? GRADES.flatMap((grade) => edgesOf(thresholds[grade], grade)) : [];
  const range = rangeOf(entry);
  const seen = [...edges.map((edge) => edge.value), ...(typeof row.value === 'number' ? [row.value] : [])];
  const [low, high] = [Math.min(...seen, range.min ?? 0), Math.max(...seen, 0)];
  const min = range.min ?? low;
  const max = range.max ?? Math.max(niceAbove(high * 1.2), min + 1);
  const stops = [...new Set([...edges.map((edge) => edge.value), max])]
    .filter((stop) => stop > min && stop <= max)
    .sort((one, other) => one - other);
  let from = min;
  const bands = stops.map((to) => {
    const middle = (from + to) / 2;
    from = to;
    return { to, tone: toneAt(middle, edges) };
  });
  return { min, max, bands: edges.length > 0 ? bands : [] };
}

function toneAt(value: number, edges: readonly Edge[]): Tone {
  const crossed = edges.filter(({ value: edge, side }) => (side === 'above' ? value > edge : value < edge));
  return [...GRADES].reverse().find((grade) => crossed.some((edge) => edge.tone === grade)) ?? 'normal';
}

/** A round number above. */
function niceAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
