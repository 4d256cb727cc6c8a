import type { CreateDevice, Device, DeviceState, Protocol, UpdateDevice } from '@yiwang/api/types/sensing.ts';
import type { Position } from '@yiwang/api/types/shared.ts';
import { instantOf, localOf } from '@yiwang/i18n/time.ts';
import { type AttributeRow, attributesOf, rowsOf } from './attributes.ts';

/** A device as its form holds it. Days are local ones; texts that are empty are not said. */
export interface DeviceValues {
  code: string;
  name: string;
  profile?: string;
  protocol?: Protocol;
  state: DeviceState;
  secrecy: number;
  /** The unit's id. */
  org?: string;
  area?: string;
  position?: Position;
  place: string;
  group: string;
  address: string;
  secret: string;
  interval_seconds?: number;
  attributes: AttributeRow[];
  installed_at: string;
  calibrated_at: string;
  calibration_due: string;
}

export type DeviceField = keyof DeviceValues;

export const CODE_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** Protocols that know a device by an address of their own, and may ask it for a secret. */
export const ADDRESSED: ReadonlySet<string> = new Set(['hj212', 'sl651', 'jt808', 'gb26875']);

/** States in which nothing of a device is taken. */
export const DEAF: ReadonlySet<string> = new Set(['disabled', 'retired']);

/** What an update cannot take away again, once it has been said: the server reads nothing as unchanged. */
export const STAYS: ReadonlySet<DeviceField> = new Set([
  'org',
  'area',
  'position',
  'address',
  'interval_seconds',
  'calibrated_at',
  'calibration_due',
]);

export const emptyValues = (): DeviceValues => ({
  code: '',
  name: '',
  protocol: 'mqtt',
  state: 'active',
  secrecy: 1,
  place: '',
  group: '',
  address: '',
  secret: '',
  attributes: [],
  installed_at: '',
  calibrated_at: '',
  calibration_due: '',
});

const dayOf = (at: string | null | undefined) => (at ? localOf(at).slice(0, 10) : '');
const instantOfDay = (day: string) => instantOf(`${day}T00:00`);

export const valuesOf = (device: Device): DeviceValues => ({
  code: device.code,
  name: device.name,
  profile: device.profile,
  protocol: device.protocol,
  state: device.state,
  secrecy: device.secrecy,
  ...(device.org_id ? { org: device.org_id } : {}),
  ...(device.area ? { area: device.area } : {}),
  ...(device.position ? { position: device.position } : {}),
  place: device.place ?? '',
  group: device.group ?? '',
  address: device.address ?? '',
  secret: '',
  interval_seconds: device.interval_seconds,
  attributes: rowsOf(device.attributes),
  installed_at: dayOf(device.installed_at),
  calibrated_at: dayOf(device.calibrated_at),
  calibration_due: dayOf(device.calibration_due),
});

const said = <K extends string, V>(key: K, value: V | undefined | null | ''): { [P in K]?: V } =>
  value === undefined || value === null || value === '' ? {} : ({ [key]: value } as { [P in K]?: V });

/** `orgCode` is the code of the unit that the form names by its id. */
export function createBody(values: DeviceValues, orgCode: string | undefined): CreateDevice {
  const attributes = attributesOf(values.attributes);
  return {
    code: values.code.trim(),
    name: values.name.trim(),
    profile: values.profile ?? '',
    protocol: values.protocol ?? 'mqtt',
    secrecy: values.secrecy,
    ...said('org', orgCode),
    ...said('area', values.area),
    ...said('position', values.position),
    ...said('place', values.place.trim()),
    ...said('group', values.group.trim()),
    ...said('address', values.address.trim()),
    ...said('secret', values.secret),
    ...said('interval_seconds', values.interval_seconds),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...said('installed_at', values.installed_at && instantOfDay(values.installed_at)),
    ...said('calibrated_at', values.calibrated_at && instantOfDay(values.calibrated_at)),
    ...said('calibration_due', values.calibration_due && instantOfDay(values.calibration_due)),
  };
}

const comparable = (field: DeviceField, value: unknown): unknown => {
  if (typeof value === 'string') return field === 'secret' ? value : value.trim();
  if (field === 'attributes')
    return (value as AttributeRow[])
      .map(({ name, text }) => [name.trim(), text.trim()])
      .filter(([name, text]) => name || text)
      .sort();
  if (field === 'position' && value) {
    const { lon, lat } = value as Position;
    return [lon, lat];
  }
  return value ?? '';
};

export const isSame = (field: DeviceField, a: DeviceValues, b: DeviceValues): boolean =>
  JSON.stringify(comparable(field, a[field])) === JSON.stringify(comparable(field, b[field]));

/** The fields in which two forms differ. */
export const changedFields = (from: DeviceValues, to: DeviceValues): DeviceField[] =>
  ([...new Set([...Object.keys(from), ...Object.keys(to)])] as DeviceField[]).filter(
    (field) => !isSame(field, from, to),
  );

/** Only what differs from the device as it was seen: what somebody else changes meanwhile stays theirs. */
export function updateBody(seen: Device, values: DeviceValues, orgCode: string | undefined): UpdateDevice {
  const changed = new Set(changedFields(valuesOf(seen), values));
  const text = (field: 'name' | 'place' | 'group' | 'address') =>
    changed.has(field) ? { [field]: values[field].trim() } : {};
  const plain = (field: 'state' | 'secrecy' | 'area' | 'position' | 'interval_seconds') =>
    changed.has(field) ? said(field, values[field]) : {};
  const day = (field: 'calibrated_at' | 'calibration_due') =>
    changed.has(field) && values[field] ? { [field]: instantOfDay(values[field]) } : {};
  return {
    ...text('name'),
    ...text('place'),
    ...text('group'),
    ...text('address'),
    ...plain('state'),
    ...plain('secrecy'),
    ...plain('area'),
    ...plain('position'),
    // An area that is taken out is found again by the position.
    ...(changed.has('area') && !values.area ? said('position', values.position) : {}),
    ...plain('interval_seconds'),
    ...day('calibrated_at'),
    ...day('calibration_due'),
    ...(changed.has('org') ? said('org', orgCode) : {}),
    ...(changed.has('attributes') ? { attributes: attributesOf(values.attributes, seen.attributes) } : {}),
    ...(values.secret ? { secret: values.secret } : {}),
  } as UpdateDevice;
}

export interface Rebased {
  /** What the form holds now: theirs where nothing was typed, mine where something was. */
  values: DeviceValues;
  /** Changed by them and taken over. */
  taken: DeviceField[];
  /** Changed by both, to different things. */
  clashes: DeviceField[];
}

/** A form over the device as somebody else has left it. */
export function rebase(seen: DeviceValues, mine: DeviceValues, fresh: DeviceValues): Rebased {
  const theirs = changedFields(seen, fresh);
  const typed = new Set(changedFields(seen, mine));
  const taken = theirs.filter((field) => !typed.has(field));
  const clashes = theirs.filter((field) => typed.has(field) && !isSame(field, mine, fresh));
  const values = { ...mine };
  for (const field of taken) Object.assign(values, { [field]: fresh[field] });
  return { values, taken, clashes };
}
