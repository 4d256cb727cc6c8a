import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deviceApi, deviceKeys } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, App, Button } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { DeviceFault, isConflict } from './device-fault.tsx';
import { DeviceDialog } from './edit/device-dialog.tsx';

/** Editing, and the one change that is made many times a day: somebody begins or ends work on the device. */
export function DeviceActions({ device }: { device: Device }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [isEditing, setEditing] = useState(false);
  const next = device.state === 'active' ? 'maintenance' : 'active';
  const turn = useMutation({
    mutationFn: () => deviceApi.update(device.id, device.version, { state: next }),
    onSuccess: (fresh) => {
      client.setQueryData(deviceKeys.one(device.id), fresh);
      void client.invalidateQueries({ queryKey: deviceKeys.lists });
      void message.success(t('devices.saved', { name: fresh.name }));
    },
    onError: () => client.invalidateQueries({ queryKey: deviceKeys.one(device.id) }),
  });
  const canTurn = device.state === 'active' || device.state === 'maintenance';
  return (
    <div className="device-actions">
      <div className="toolbar">
        <Button type="primary" onClick={() => setEditing(true)}>
          {t('shell.common.edit')}
        </Button>
        {canTurn && (
          <Button loading={turn.isPending} title={t('devices.turnHint')} onClick={() => turn.mutate()}>
            {t(`devices.turn.${next}`)}
          </Button>
        )}
      </div>
      {turn.error &&
        (isConflict(turn.error) ? (
          <Alert
            type="warning"
            showIcon
            title={t('devices.conflict.title')}
            description={t('devices.conflict.look')}
          />
        ) : (
          <DeviceFault fault={turn.error} />
        ))}
      {isEditing && (
        <DeviceDialog device={device} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />
      )}
    </div>
  );
}
