import { useQuery } from '@tanstack/react-query';
import { itemsQuery } from '@yiwang/api/catalog-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { SearchSelect } from '@yiwang/ui/search-select.tsx';
import { useMemo } from 'react';
import { leafCodes } from './item-tree.ts';
import { finds, rank } from './org-search.ts';

interface ItemPickerProps {
  value?: string | undefined;
  onChange?: (code: string | undefined) => void;
  /** Cases take leaves; filters take any level. */
  leavesOnly?: boolean;
  id?: string;
  placeholder?: string;
  label?: string;
  /** Offer `none`: what has no such thing. */
  withNone?: boolean;
  disabled?: boolean;
}

export function ItemPicker({
  value,
  onChange,
  leavesOnly = true,
  id,
  placeholder,
  label,
  withNone,
  disabled = false,
}: ItemPickerProps) {
  const t = useT();
  const text = useText();
  const items = useQuery(itemsQuery);
  const options = useMemo(() => {
    const all = items.data ?? [];
    const leaves = leafCodes(all);
    return all
      .filter((item) => !leavesOnly || leaves.has(item.code))
      .map((item) => ({
        value: item.code,
        label: text(item.name),
        code: item.code,
        pinyin: item.pinyin,
        search: [item.code, item.name.zh, item.name.en, ...item.aliases]
          .filter(Boolean)
          .join(' ')
          .toLowerCase(),
      }));
  }, [items.data, leavesOnly, text]);
  return (
    <SearchSelect
      {...(id ? { id } : {})}
      aria-label={label}
      disabled={disabled}
      value={value}
      onChange={(next) => onChange?.(next as string | undefined)}
      options={
        withNone
          ? [
              {
                value: 'none',
                label: t('incident.noItem'),
                code: 'none',
                pinyin: [],
                search: `none ${t('incident.noItem')}`,
              },
              ...options,
            ]
          : options
      }
      loading={items.isPending}
      allowClear
      placeholder={placeholder ?? t('incident.fact.item')}
      showSearch={{
        filterOption: (input, option) => finds(input, option),
        filterSort: (a, b, { searchValue }) => rank(a, searchValue) - rank(b, searchValue),
      }}
      optionRender={(option) => (
        <span className="yw-option">
          {option.label}
          <span className="yw-dim yw-mono">{option.value}</span>
        </span>
      )}
      popupMatchSelectWidth={320}
      style={{ width: '100%' }}
    />
  );
}
