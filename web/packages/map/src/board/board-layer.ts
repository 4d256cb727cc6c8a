import type { Layer } from '@yiwang/api/types/geo.ts';
import type { BoardLayer } from './layer-style.ts';

/** A layer as the board draws it. */
export const toBoardLayer = ({
  code,
  content,
  geometry,
  min_zoom,
  max_zoom,
  style,
  states,
}: Layer): BoardLayer => ({
  code,
  geometry,
  minZoom: min_zoom,
  maxZoom: max_zoom,
  color: style.color ?? undefined,
  width: style.width ?? undefined,
  fill: style.fill ?? undefined,
  isNamed: style.label ?? false,
  isHollow: content === 'devices',
  states: (states ?? []).map((state) => ({ code: state.code, color: state.color ?? undefined })),
});
