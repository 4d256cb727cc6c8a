import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { type DeviceField, type Rebased, valuesOf } from './device-form.ts';

/** What a conflict has brought into the form, and the device as who was faster left it. */
export interface Conflict extends Pick<Rebased, 'taken' | 'clashes'> {
  fresh: Device;
}

/** Who changed the device meanwhile, what of it stands in the form now, and what both changed. */
export function ConflictNote({ fresh, taken, clashes }: Conflict) {
  const t = useT();
  const said = useSaid(fresh);
  const label = (field: DeviceField) => t(`devices.field.${field}`);
  return (
    <Alert
      type="warning"
      showIcon
      title={t('devices.conflict.title')}
      description={
        <>
          <div>
            {t('devices.conflict.by', {
              name: fresh.updated_by,
              time: shortTime(fresh.updated_at, Date.now()),
            })}
          </div>
          {taken.map((field) => (
            <div key={field}>{t('devices.conflict.taken', { field: label(field), theirs: said(field) })}</div>
          ))}
          {clashes.map((field) => (
            <div key={field}>{t('devices.conflict.clash', { field: label(field), theirs: said(field) })}</div>
          ))}
        </>
      }
    />
  );
}

/** One field of a device in words. */
function useSaid(device: Device): (field: DeviceField) => string {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const none = t('shell.common.none');
  return (field) => {
    switch (field) {
      case 'org':
        return text(device.org_name) || none;
      case 'area':
        return device.area_name ?? none;
      case 'state':
        return t(`sensing.states.${device.state}`);
      case 'secrecy':
        return term('secrecy', String(device.secrecy));
      case 'position':
        return device.position ? `${device.position.lon}, ${device.position.lat}` : none;
      case 'attributes':
        return (
          Object.entries(device.attributes)
            .map(([name, value]) => `${name} = ${String(value)}`)
            .join('；') || none
        );
      default:
        return String(valuesOf(device)[field] ?? '') || none;
    }
  };
}
