import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, intentKey } from '@yiwang/api/client.ts';
import { deviceApi, deviceKeys } from '@yiwang/api/sensing-api.ts';
import type { CreateDevice, Device, UpdateDevice } from '@yiwang/api/types/sensing.ts';
import { useRef } from 'react';

export type DeviceSave = { create: CreateDevice } | { seen: Device; update: UpdateDevice };

/** Registers a device, or changes one against the version that was seen. */
export function useSaveDevice() {
  const client = useQueryClient();
  const key = useRef(intentKey());
  return useMutation({
    mutationFn: (save: DeviceSave) =>
      'create' in save
        ? deviceApi.create(save.create, key.current)
        : deviceApi.update(save.seen.id, save.seen.version, save.update),
    onSuccess: (fresh) => {
      key.current = intentKey();
      client.setQueryData(deviceKeys.one(fresh.id), fresh);
      void client.invalidateQueries({ queryKey: deviceKeys.lists });
      void client.invalidateQueries({ queryKey: deviceKeys.summary });
      void client.invalidateQueries({ queryKey: deviceKeys.map });
    },
    // A refused body will be another one next time; only a lost answer is the same intent.
    onError: (fault) => {
      if (!(fault instanceof ApiProblem && fault.status === 0)) key.current = intentKey();
    },
  });
}
