import { useQuery } from '@tanstack/react-query';
import { orgsQuery } from '@yiwang/api/catalog-api.ts';
import type { OrgBrief } from '@yiwang/api/types/shared.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { SearchSelect } from '@yiwang/ui/search-select.tsx';
import { useMemo } from 'react';
import { finds, pathOf, rank, searchTextOf } from './org-search.ts';

type Picked<M> = M extends true ? string[] : string;

interface OrgPickerProps<M extends boolean> {
  value?: Picked<M> | undefined;
  onChange?: (value: Picked<M>) => void;
  multiple?: M;
  /** What the value is: the unit's id, or its stable code. */
  by?: 'id' | 'code';
  kinds?: readonly OrgBrief['kind'][];
  placeholder?: string;
  autoFocus?: boolean;
  allowClear?: boolean;
  id?: string;
  label?: string;
  /** Offer `none`: what has no such thing. */
  withNone?: boolean;
}

/** Type-ahead over the units: name, code or pinyin. */
export function OrgPicker<M extends boolean = false>(props: OrgPickerProps<M>) {
  const {
    value,
    onChange,
    multiple,
    by = 'id',
    kinds,
    placeholder,
    autoFocus,
    allowClear = true,
    id,
    label,
    withNone,
  } = props;
  const t = useT();
  const text = useText();
  const term = useTerm();
  const orgs = useQuery(orgsQuery);
  const options = useMemo(() => {
    const all = orgs.data ?? [];
    const byId = new Map(all.map((org) => [org.id, org]));
    return all
      .filter((org) => !kinds || kinds.includes(org.kind))
      .map((org) => ({
        value: by === 'id' ? org.id : org.code,
        label: text(org.name),
        code: org.code,
        search: searchTextOf(org),
        pinyin: org.pinyin,
        note: `${term('org', org.kind)} · ${pathOf(org, byId).map(text).join(' / ')}`,
      }));
  }, [orgs.data, kinds, by, text, term]);

  return (
    <SearchSelect
      {...(id ? { id } : {})}
      {...(multiple ? { mode: 'multiple' as const, maxTagCount: 'responsive' as const } : {})}
      aria-label={label}
      value={value}
      onChange={(next) => onChange?.(next as Picked<M>)}
      options={
        withNone
          ? [
              {
                value: 'none',
                label: t('incident.noLead'),
                search: `none ${t('incident.noLead')}`,
                pinyin: [],
                note: '',
                code: 'none',
              },
              ...options,
            ]
          : options
      }
      loading={orgs.isPending}
      autoFocus={autoFocus ?? false}
      allowClear={allowClear}
      placeholder={placeholder ?? t('command.dispatch.typeAhead')}
      showSearch={{
        filterOption: (input, option) => finds(input, option),
        filterSort: (a, b, { searchValue }) => rank(a, searchValue) - rank(b, searchValue),
      }}
      optionRender={(option) => (
        <span className="yw-option">
          {option.label}
          <span className="yw-dim">{option.data.note}</span>
        </span>
      )}
      popupMatchSelectWidth={340}
      style={{ width: '100%' }}
    />
  );
}
