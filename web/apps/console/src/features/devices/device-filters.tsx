import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import { DEVICE_STATES, PROTOCOLS } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Input, Segmented, Select } from '@yiwang/ui/controls.ts';
import type { Search } from '../../app/router.tsx';
import { useSigned } from '../../app/session.tsx';
import { AreaPicker } from '../../parts/area-picker.tsx';
import { listOf } from './device-query.ts';

interface FiltersProps {
  search: Search;
  onChange: (change: Search) => void;
}

/** All of it stands in the address. */
export function DeviceFilters({ search, onChange }: FiltersProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const profiles = useQuery(profilesQuery).data ?? [];
  const choice = (
    key: 'profile' | 'protocol' | 'state',
    width: number,
    options: { value: string; label: string }[],
  ) => (
    <Select
      mode="multiple"
      allowClear
      maxTagCount="responsive"
      style={{ width }}
      aria-label={t(`sensing.${key}`)}
      placeholder={t(`sensing.${key}`)}
      value={listOf(search[key])}
      onChange={(values: string[]) => onChange({ [key]: values.join(',') || undefined })}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
  return (
    <div className="page-head">
      <Segmented
        aria-label={t('sensing.view.label')}
        value={search.view === 'map' ? 'map' : 'list'}
        onChange={(view) => onChange({ view: view === 'map' ? 'map' : undefined })}
        options={(['list', 'map'] as const).map((view) => ({
          value: view,
          label: t(`sensing.view.${view}`),
        }))}
      />
      <Input.Search
        allowClear
        style={{ width: 220 }}
        aria-label={t('sensing.search')}
        placeholder={t('sensing.search')}
        key={search.q ?? ''}
        defaultValue={search.q ?? ''}
        onSearch={(q) => onChange({ q: q.trim() || undefined })}
      />
      {choice(
        'profile',
        170,
        profiles.map((profile) => ({ value: profile.code, label: text(profile.name) })),
      )}
      {choice(
        'protocol',
        150,
        PROTOCOLS.map((one) => ({ value: one, label: t(`sensing.protocols.${one}`) })),
      )}
      {choice(
        'state',
        120,
        DEVICE_STATES.map((one) => ({ value: one, label: t(`sensing.states.${one}`) })),
      )}
      {can('catalog.read') && (
        <span className="device-area">
          <AreaPicker
            depth={4}
            label={t('sensing.detail.area')}
            placeholder={t('sensing.detail.area')}
            value={search.area}
            onChange={(area) => onChange({ area })}
          />
        </span>
      )}
    </div>
  );
}
