import type { Layer } from '@yiwang/api/types/geo.ts';
import type { Camera } from '@yiwang/map/board/board.ts';
import { toBoardLayer } from '@yiwang/map/board/board-layer.ts';
import type { BoardLayer } from '@yiwang/map/board/layer-style.ts';
import { flagOption, listOption, numberOption } from '../widget.ts';

/** The layers that are named; the areas of the city where none is. */
export function shownLayers(layers: readonly Layer[], options: Record<string, unknown>): BoardLayer[] {
  const named = new Set(listOption(options, 'layers'));
  const withDevices = flagOption(options, 'devices');
  return layers
    .filter(
      ({ code, content }) =>
        named.has(code) ||
        (named.size === 0 && content === 'towns') ||
        (withDevices && content === 'devices'),
    )
    .map(toBoardLayer);
}

const CITY: Camera = { lon: 120.28, lat: 31.85, zoom: 9.8 };

export function cameraOf(options: Record<string, unknown>, layers: readonly Layer[]): Camera {
  const center = options.center as { lon: number; lat: number } | undefined;
  const zoom = numberOption(options, 'zoom', CITY.zoom);
  if (center) return { ...center, zoom };
  const bounds = boundsOf(layers);
  if (!bounds) return { ...CITY, zoom };
  const [west, south, east, north] = bounds;
  return { lon: (west + east) / 2, lat: (south + north) / 2, zoom };
}

/** The city, as its towns lie. */
export const boundsOf = (layers: readonly Layer[]) =>
  layers.find((layer) => layer.content === 'towns')?.bounds ?? undefined;
