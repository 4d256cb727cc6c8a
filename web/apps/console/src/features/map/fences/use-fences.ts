import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { fenceKeys, fencesQuery } from '@yiwang/api/fence-api.ts';
import type { Fence } from '@yiwang/api/types/fence.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { useEffect } from 'react';
import { onLive } from '../../../app/live-store.ts';
import { useSigned } from '../../../app/session.tsx';

const GATHER_MS = 700;
const NONE: Fence[] = [];

export interface FencesState {
  query: UseQueryResult<Fence[]>;
}

/** The fences, drawn where they are to be seen; what is told about them is read again as it comes. */
export function useFences(board: Board | undefined, isShown: boolean): FencesState {
  const { can } = useSigned();
  const client = useQueryClient();
  const query = useQuery({ ...fencesQuery, enabled: can('geo.read') });
  const { data } = query;
  useEffect(() => {
    const fences = isShown ? (data ?? NONE) : NONE;
    board?.setFences(
      fences.map(({ id, name, plan, is_on }) => ({
        id,
        name,
        isOn: is_on,
        ground: plan.outline,
        facts: { kind: plan.outline.kind, state: is_on ? 'on' : 'off' },
      })),
    );
  }, [board, isShown, data]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = onLive(({ kind }) => {
      if (!kind.startsWith('fence.') || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: fenceKeys.events });
      }, GATHER_MS);
    });
    return () => {
      forget();
      clearTimeout(timer);
    };
  }, [client]);
  return { query };
}
