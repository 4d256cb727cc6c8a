import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, intentKey } from '@yiwang/api/client.ts';
import { fenceApi, fenceKeys } from '@yiwang/api/fence-api.ts';
import type { CreateFence, Fence, UpdateFence } from '@yiwang/api/types/fence.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App } from '@yiwang/ui/controls.ts';
import { useRef } from 'react';

export const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code.endsWith('version_conflict');

/** Makes, changes and removes fences; each change names the version that was seen. */
export function useFenceChanges() {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const intent = useRef(intentKey());
  const put = (fence: Fence) => {
    client.setQueryData<Fence[]>(fenceKeys.all, (old = []) =>
      old.some(({ id }) => id === fence.id)
        ? old.map((one) => (one.id === fence.id ? fence : one))
        : [...old, fence],
    );
    void message.success(t('map.fences.saved'));
  };
  const onError = async (fault: unknown) => {
    // It is told of only once the fence is shown as it stands now.
    if (isConflict(fault)) await client.invalidateQueries({ queryKey: fenceKeys.all });
  };
  const create = useMutation({
    mutationFn: (body: CreateFence) => fenceApi.create(body, intent.current),
    onSuccess: (fence) => {
      intent.current = intentKey();
      put(fence);
    },
    // What was refused is mended and sent as another intent.
    onError: (fault) => {
      if (fault instanceof ApiProblem && fault.status > 0) intent.current = intentKey();
    },
  });
  const update = useMutation({
    mutationFn: ({ seen, body }: { seen: Pick<Fence, 'id' | 'version'>; body: UpdateFence }) =>
      fenceApi.update(seen, body),
    onSuccess: put,
    onError,
  });
  const remove = useMutation({
    mutationFn: (id: string) => fenceApi.remove(id),
    onSuccess: (_, id) => {
      client.setQueryData<Fence[]>(fenceKeys.all, (old = []) => old.filter((one) => one.id !== id));
      void message.success(t('map.fences.removed'));
    },
  });
  return { create, update, remove };
}
