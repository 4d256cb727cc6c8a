import { useQueries } from '@tanstack/react-query';
import { areasQuery } from '@yiwang/api/catalog-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { SearchSelect } from '@yiwang/ui/search-select.tsx';
import { useMemo } from 'react';

interface AreaPickerProps {
  value?: string | undefined;
  onChange?: (code: string | undefined) => void;
  /** Down to towns (2), villages (3) or grids (4). */
  depth?: 2 | 3 | 4;
  id?: string;
  placeholder?: string;
  label?: string;
  /** Offer `none`: what has no such thing. */
  withNone?: boolean;
  allowClear?: boolean;
}

const LEVELS = [2, 3, 4];

export function AreaPicker({
  value,
  onChange,
  depth = 3,
  id,
  placeholder,
  label,
  withNone,
  allowClear = true,
}: AreaPickerProps) {
  const t = useT();
  const levels = useQueries({
    queries: LEVELS.filter((level) => level <= depth).map((level) => areasQuery(level)),
  });
  const loaded = levels.map((level) => level.data);
  const options = useMemo(() => {
    const all = loaded.flatMap((level) => level ?? []).sort((a, b) => a.code.localeCompare(b.code));
    return all.map((area) => ({ value: area.code, label: area.name, search: `${area.name} ${area.code}` }));
    // biome-ignore lint/correctness/useExhaustiveDependencies: the array is new each time, its members are not
  }, loaded);
  return (
    <SearchSelect
      {...(id ? { id } : {})}
      aria-label={label}
      value={value}
      onChange={(next) => onChange?.(next as string | undefined)}
      options={
        withNone ? [{ value: 'none', label: t('incident.noArea'), search: 'none' }, ...options] : options
      }
      allowClear={allowClear}
      placeholder={placeholder ?? t('incident.filter.area')}
      showSearch={{ filterOption: (input, option) => (option?.search ?? '').includes(input.trim()) }}
      optionRender={(option) => (
        <span className="yw-option">
          {option.label}
          <span className="yw-dim yw-mono">{option.value}</span>
        </span>
      )}
      popupMatchSelectWidth={280}
      style={{ width: '100%' }}
    />
  );
}
