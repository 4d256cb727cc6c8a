import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import { DEVICE_STATES, type Device, PROTOCOLS } from '@yiwang/api/types/sensing.ts';
import { useKnown, useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Form, type FormInstance, Input, InputNumber, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import type { ReactNode } from 'react';
import { AreaPicker } from '../../../parts/area-picker.tsx';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { rowFaults } from './attributes.ts';
import { AttributesField } from './attributes-field.tsx';
import {
  ADDRESSED,
  CODE_PATTERN,
  type DeviceField,
  type DeviceValues,
  STAYS,
  valuesOf,
} from './device-form.ts';
import { PlaceField } from './place-field.tsx';

interface FieldsProps {
  form: FormInstance<DeviceValues>;
  /** The device as it was seen; none is a new one. */
  seen: Device | undefined;
}

/** Whether a field may be emptied: what the device has once been told of these, the server keeps. */
const mayClear = (seen: Device | undefined, field: DeviceField) =>
  !(seen && STAYS.has(field) && valuesOf(seen)[field]);

export function DeviceFields(props: FieldsProps) {
  return (
    <div className="device-form">
      <div className="device-form-side">
        <WhatFields {...props} />
        <WayInFields {...props} />
      </div>
      <div className="device-form-side">
        <WhereFields {...props} />
        <UpkeepFields {...props} />
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="device-form-group">
      <legend>{title}</legend>
      <div className="device-form-columns">{children}</div>
    </fieldset>
  );
}

function WhatFields({ form, seen }: FieldsProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const profiles = useQuery(profilesQuery);
  const profile = Form.useWatch('profile', form);
  const label = (field: string) => t(`devices.field.${field}`);
  return (
    <Group title={t('devices.form.what')}>
      <Form.Item
        name="code"
        label={label('code')}
        extra={seen ? undefined : t('devices.form.codeHint')}
        rules={seen ? [] : [{ required: true, pattern: CODE_PATTERN, message: t('devices.form.codeRule') }]}
      >
        <Input
          className="yw-mono"
          disabled={Boolean(seen)}
          maxLength={64}
          autoComplete="off"
          autoFocus={!seen}
        />
      </Form.Item>
      <Form.Item
        name="name"
        label={label('name')}
        rules={[
          { required: true, whitespace: true, message: t('devices.form.needed', { field: label('name') }) },
        ]}
      >
        <Input maxLength={128} autoComplete="off" autoFocus={Boolean(seen)} />
      </Form.Item>
      <Form.Item
        name="profile"
        label={label('profile')}
        rules={[{ required: true, message: t('devices.form.needed', { field: label('profile') }) }]}
      >
        <Select
          disabled={Boolean(seen)}
          loading={profiles.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={(profiles.data ?? []).map((one) => ({ value: one.code, label: text(one.name) }))}
        />
      </Form.Item>
      <Form.Item name="org" label={label('org')}>
        <OrgPicker allowClear={mayClear(seen, 'org')} />
      </Form.Item>
      {seen && (
        <Form.Item name="state" label={label('state')}>
          <Select options={DEVICE_STATES.map((one) => ({ value: one, label: t(`sensing.states.${one}`) }))} />
        </Form.Item>
      )}
      <Form.Item name="secrecy" label={label('secrecy')}>
        <Select options={[1, 2, 3, 4].map((one) => ({ value: one, label: term('secrecy', String(one)) }))} />
      </Form.Item>
      <Form.Item name="group" label={label('group')} extra={t('devices.form.groupHint')}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item
        className="device-form-wide"
        name="attributes"
        label={label('attributes')}
        rules={[
          {
            validator: async (_, rows: DeviceValues['attributes']) => {
              const fault = rowFaults(rows ?? []).find(Boolean);
              if (fault) throw new Error(t(`devices.attributes.fault.${fault}`));
            },
          },
        ]}
      >
        <AttributesField profile={profile} />
      </Form.Item>
    </Group>
  );
}

function WayInFields({ form, seen }: FieldsProps) {
  const t = useT();
  const known = useKnown();
  const profiles = useQuery(profilesQuery).data ?? [];
  const protocol = Form.useWatch('protocol', form) ?? '';
  const profile = Form.useWatch('profile', form);
  const usual = profiles.find((one) => one.code === profile)?.interval_seconds;
  const label = (field: string) => t(`devices.field.${field}`);
  const hint = known('devices.addressOf', protocol);
  const needsAddress = ADDRESSED.has(protocol) || Boolean(seen?.address);
  return (
    <Group title={t('devices.form.wayIn')}>
      <Form.Item name="protocol" label={label('protocol')}>
        <Select
          disabled={Boolean(seen)}
          options={PROTOCOLS.map((one) => ({ value: one, label: t(`sensing.protocols.${one}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="address"
        label={label('address')}
        extra={hint === protocol ? undefined : hint}
        rules={[
          {
            required: needsAddress,
            whitespace: needsAddress,
            message: t('devices.form.needed', { field: label('address') }),
          },
        ]}
      >
        <Input className="yw-mono" maxLength={128} autoComplete="off" />
      </Form.Item>
      {ADDRESSED.has(protocol) && (
        <Form.Item
          name="secret"
          label={label('secret')}
          extra={t(seen ? 'devices.form.secretKept' : 'devices.form.secretHint')}
        >
          <Input.Password maxLength={128} autoComplete="new-password" />
        </Form.Item>
      )}
      <Form.Item name="interval_seconds" label={label('interval_seconds')}>
        <InputNumber
          min={1}
          max={31_536_000}
          precision={0}
          placeholder={usual ? t('devices.form.usual', { n: usual }) : ''}
          suffix={t('devices.form.secondsUnit')}
          style={{ width: '100%' }}
        />
      </Form.Item>
    </Group>
  );
}

function WhereFields({ form, seen }: FieldsProps) {
  const t = useT();
  const position = Form.useWatch('position', form);
  const label = (field: string) => t(`devices.field.${field}`);
  return (
    <Group title={t('devices.form.where')}>
      <Form.Item className="device-form-wide" name="place" label={label('place')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item className="device-form-wide" name="position" label={label('position')}>
        <PlaceField mayClear={mayClear(seen, 'position')} />
      </Form.Item>
      <Form.Item
        className="device-form-wide"
        name="area"
        label={label('area')}
        extra={t(seen ? 'devices.form.areaMoves' : 'devices.form.areaFound')}
      >
        <AreaPicker
          depth={4}
          allowClear={mayClear(seen, 'area') || position !== undefined}
          placeholder={t('devices.form.areaByPosition')}
        />
      </Form.Item>
    </Group>
  );
}

function UpkeepFields({ seen }: FieldsProps) {
  const t = useT();
  const label = (field: string) => t(`devices.field.${field}`);
  const day = (field: 'installed_at' | 'calibrated_at' | 'calibration_due') => (
    <Form.Item name={field} label={label(field)}>
      <DateField allowClear={mayClear(seen, field)} />
    </Form.Item>
  );
  return (
    <Group title={t('devices.form.upkeep')}>
      {!seen && day('installed_at')}
      {day('calibrated_at')}
      {day('calibration_due')}
    </Group>
  );
}
