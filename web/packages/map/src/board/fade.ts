import type { LayerSpecification } from 'maplibre-gl';

const OPACITIES = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity'],
} as const;

/** The opacities of a drawn layer, at so much of what they are by its style. */
export function opacitiesOf(spec: LayerSpecification, part: number): [property: string, value: number][] {
  const names = OPACITIES[spec.type as keyof typeof OPACITIES] ?? [];
  const paint = (spec.paint ?? {}) as Record<string, unknown>;
  return names.map((name) => {
    const own = paint[name];
    return [name, (typeof own === 'number' ? own : 1) * part];
  });
}
