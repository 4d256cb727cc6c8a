import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { devicesPickQuery } from '@yiwang/api/sensing-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { useSigned } from '../app/session.tsx';
import { useSettled } from './use-settled.ts';

interface DevicePickerProps {
  value?: string[];
  onChange?: (codes: string[]) => void;
  /** Only of this kind. */
  profile?: string | undefined;
  id?: string;
  label: string;
  placeholder?: string;
}

const TYPED_MS = 250;

/** Several devices by code, found by code, name or place. Who may not read devices types codes. */
export function DevicePicker({ value = [], onChange, profile, id, label, placeholder }: DevicePickerProps) {
  const t = useT();
  const { can } = useSigned();
  const [typed, setTyped] = useState('');
  const q = useSettled(typed.trim(), TYPED_MS);
  const mayRead = can('sensing.read');
  const found = useQuery({
    ...devicesPickQuery(q, profile),
    enabled: mayRead,
    placeholderData: keepPreviousData,
  });
  return (
    <Select
      mode={mayRead ? 'multiple' : 'tags'}
      allowClear
      {...(id ? { id } : {})}
      aria-label={label}
      placeholder={placeholder ?? t('sensing.search')}
      style={{ width: '100%' }}
      value={value}
      loading={mayRead && found.isFetching}
      onChange={(codes: string[]) => onChange?.(codes)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      tokenSeparators={[',', '，', ' ']}
      options={(found.data?.items ?? []).map((device) => ({
        value: device.code,
        label: device.code,
        name: device.name,
      }))}
      optionRender={(option) => (
        <span className="yw-option">
          {(option.data as { name?: string }).name}
          <span className="yw-dim yw-mono">{option.value}</span>
        </span>
      )}
      popupMatchSelectWidth={320}
    />
  );
}
