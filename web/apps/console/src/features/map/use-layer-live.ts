import { useQueryClient } from '@tanstack/react-query';
import { geoKeys } from '@yiwang/api/geo-api.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { useEffect, useRef } from 'react';
import { onLive, useLiveStatus } from '../../app/live-store.ts';

const GATHER_MS = 200;
/** The map of the server follows what is written within a second; what it did not know yet is asked for again. */
const AGAIN_MS = 1_200;
const COUNTS_MS = 1_500;

const layerOf = (kind: string, body: Record<string, unknown>): string | undefined =>
  (kind.startsWith('feature.') || kind === 'layer.imported') && typeof body.layer === 'string'
    ? body.layer
    : undefined;

/** Draws a layer again when somebody has changed it, the other layers untouched; in the past nothing changes. */
export function useLayerLive(board: Board | undefined, isPast: boolean): void {
  const client = useQueryClient();
  const { state } = useLiveStatus();
  const wasDown = useRef(false);

  useEffect(() => {
    if (!board || isPast) return;
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const later = (name: string, ms: number, run: () => void) => {
      if (timers.has(name)) return;
      const act = () => {
        timers.delete(name);
        run();
      };
      timers.set(name, setTimeout(act, ms));
    };
    const forget = onLive(({ kind, body }) => {
      const layer = layerOf(kind, body);
      if (!layer) return;
      later(`first ${layer}`, GATHER_MS, () => {
        board.refresh(layer);
        const isOne = typeof body.number === 'number' || typeof body.number === 'string';
        const key = isOne ? geoKeys.feature(layer, String(body.number)) : geoKeys.features;
        void client.invalidateQueries({ queryKey: key });
      });
      later(`again ${layer}`, AGAIN_MS, () => board.refresh(layer));
      if (kind !== 'feature.changed')
        later(
          'counts',
          COUNTS_MS,
          () => void client.invalidateQueries({ queryKey: geoKeys.layers, exact: true }),
        );
    });
    return () => {
      forget();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [board, isPast, client]);

  // What happened while the line was down was told to nobody.
  useEffect(() => {
    if (state === 'waiting' || state === 'stopped') wasDown.current = true;
    if (state !== 'live' || !wasDown.current) return;
    wasDown.current = false;
    board?.refreshAll();
    void client.invalidateQueries({ queryKey: geoKeys.features });
  }, [state, board, client]);
}
