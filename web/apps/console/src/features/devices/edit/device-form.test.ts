import type { Device } from '@yiwang/api/types/sensing.ts';
import { expect, it } from 'vitest';
import { attributesOf, namesRead, rowFaults, rowsOf } from './attributes.ts';
import { changedFields, createBody, emptyValues, rebase, updateBody, valuesOf } from './device-form.ts';

const device = {
  code: 'R1',
  name: '河道站',
  profile: 'river-station',
  protocol: 'sl651',
  state: 'active',
  secrecy: 1,
  org_id: 'u1',
  area: '320281001',
  position: { lon: 120.28, lat: 31.91 },
  place: '桥下',
  group: null,
  address: '0012345678',
  interval_seconds: 300,
  attributes: { warn: 3.2, note: '3.5', danger: 4 },
  installed_at: null,
  calibrated_at: '2026-03-01T00:00:00Z',
  calibration_due: null,
  version: 4,
} as unknown as Device;

it('says nothing of what was not touched', () => {
  expect(updateBody(device, valuesOf(device), undefined)).toEqual({});
  const spaced = { ...valuesOf(device), name: ' 河道站 ' };
  expect(updateBody(device, spaced, undefined)).toEqual({});
});

it('says what was changed, and what was emptied where that can be', () => {
  const values = {
    ...valuesOf(device),
    name: '河道站二',
    place: '',
    org: 'u2',
    position: { lon: 120.3, lat: 31.9 },
    calibration_due: '2027-03-01',
    secret: '123456',
  };
  expect(updateBody(device, values, 'slj')).toEqual({
    name: '河道站二',
    place: '',
    org: 'slj',
    position: { lon: 120.3, lat: 31.9 },
    calibration_due: '2027-02-28T16:00:00.000Z',
    secret: '123456',
  });
});

it('has an area that was taken out found by the position', () => {
  const { area: _, ...values } = valuesOf(device);
  expect(updateBody(device, values, undefined)).toEqual({ position: device.position });
});

it('makes a device of what was filled in only', () => {
  const values = { ...emptyValues(), code: ' R2 ', name: '雨量站', profile: 'rain-gauge' };
  expect(createBody(values, undefined)).toEqual({
    code: 'R2',
    name: '雨量站',
    profile: 'rain-gauge',
    protocol: 'mqtt',
    secrecy: 1,
  });
});

it('reads numbers as numbers, and keeps the kind of what was not touched', () => {
  const rows = rowsOf(device.attributes);
  expect(attributesOf(rows, device.attributes)).toEqual(device.attributes);
  const typed = [...rows.slice(0, 2), { name: 'danger', text: '4.5' }, { name: 'site', text: '闸 2' }];
  expect(attributesOf(typed, device.attributes)).toEqual({
    warn: 3.2,
    note: '3.5',
    danger: 4.5,
    site: '闸 2',
  });
  expect(
    attributesOf([
      { name: ' on ', text: 'true' },
      { name: '', text: '' },
    ]),
  ).toEqual({ on: true });
});

it('finds rows that say half of something', () => {
  const rows = [
    { name: 'a', text: '1' },
    { name: 'a', text: '2' },
    { name: '', text: '3' },
    { name: 'b', text: ' ' },
    { name: '', text: '' },
  ];
  expect(rowFaults(rows)).toEqual([undefined, 'twice', 'nameless', 'empty', undefined]);
});

it('takes over what only they changed, and names what both did', () => {
  const seen = valuesOf(device);
  const mine = { ...seen, name: '我的', place: '我的', group: '同' };
  const fresh = { ...seen, name: '他的', interval_seconds: 60, group: '同' };
  const { values, taken, clashes } = rebase(seen, mine, fresh);
  expect(taken).toEqual(['interval_seconds']);
  expect(clashes).toEqual(['name']);
  expect(values).toMatchObject({ name: '我的', place: '我的', interval_seconds: 60 });
  expect(changedFields(fresh, values).sort()).toEqual(['name', 'place']);
});

it('knows which attributes the rules read', () => {
  const rule = (profile: string, when: string, is_current = true) =>
    ({
      profile,
      is_current,
      rule: { levels: [{ severity: 'III', when }], clear: { when: 'level < attr.warn - margin' } },
    }) as never;
  const rules = [
    rule('river-station', 'level >= attr.danger'),
    rule('rain-gauge', 'x > attr.other'),
    rule('river-station', 'level >= attr.old', false),
  ];
  expect(namesRead(rules, 'river-station')).toEqual(['danger', 'warn']);
});
