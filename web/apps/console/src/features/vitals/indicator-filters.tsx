import { type Indicator, STANDINGS } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input, Select } from '@yiwang/ui/controls.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { useMemo } from 'react';
import type { Search } from '../../app/router.tsx';
import { initialsFit } from '../../parts/pinyin.ts';
import { filterOf } from './filters.ts';
import { useDomains, useOwnerName } from './use-names.ts';
import './indicator-filters.css';

interface FiltersProps {
  rows: readonly Indicator[];
  search: Search;
  onChange: (change: Search) => void;
}

/** All of it stands in the address. */
export function IndicatorFilters({ rows, search, onChange }: FiltersProps) {
  const t = useT();
  const ownerName = useOwnerName();
  const { domains, nameOf } = useDomains(search.area);
  const filter = filterOf(search);
  const owners = useMemo(() => {
    const codes = [...new Set(rows.map((row) => row.owner))];
    return codes
      .map((code) => ({ value: code, label: ownerName(code) }))
      .sort((a, b) => a.label.localeCompare(b.label, 'zh'));
  }, [rows, ownerName]);
  const isFiltered = ['q', 'domain', 'state', 'owner', 'verified'].some((key) => search[key]);
  return (
    <div className="vitals-filters">
      <StateLamps rows={rows} search={search} onChange={onChange} />
      <div className="page-head">
        <Input
          allowClear
          type="search"
          style={{ width: 230 }}
          aria-label={t('vitals.filter.words')}
          placeholder={t('vitals.filter.words')}
          value={search.q ?? ''}
          onChange={(event) => onChange({ q: event.target.value || undefined })}
        />
        <Select
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          style={{ width: 190 }}
          aria-label={t('vitals.column.domain')}
          placeholder={t('vitals.column.domain')}
          value={filter.domains}
          onChange={(values: string[]) => onChange({ domain: values.join(',') || undefined })}
          options={domains.map(({ code }) => ({ value: code, label: nameOf(code) }))}
          showSearch={{ optionFilterProp: 'label' }}
        />
        <Select
          allowClear
          style={{ width: 190 }}
          aria-label={t('vitals.column.owner')}
          placeholder={t('vitals.column.owner')}
          value={filter.owner ?? null}
          onChange={(value: string | null) => onChange({ owner: value ?? undefined })}
          options={owners}
          showSearch={{
            filterOption: (typed, option) => {
              const label = String(option?.label ?? '');
              return label.toLowerCase().includes(typed.trim().toLowerCase()) || initialsFit(label, typed);
            },
          }}
        />
        <Select
          allowClear
          style={{ width: 130 }}
          aria-label={t('vitals.column.verified')}
          placeholder={t('vitals.column.verified')}
          value={search.verified ?? null}
          onChange={(value: string | null) => onChange({ verified: value ?? undefined })}
          options={(['yes', 'no'] as const).map((value) => ({ value, label: t(`vitals.verified.${value}`) }))}
        />
        {isFiltered && (
          <Button
            size="small"
            onClick={() =>
              onChange({
                q: undefined,
                domain: undefined,
                state: undefined,
                owner: undefined,
                verified: undefined,
              })
            }
          >
            {t('vitals.filter.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** How many stand how; a press lists them. */
function StateLamps({ rows, search, onChange }: FiltersProps) {
  const t = useT();
  const { states } = filterOf(search);
  const press = (state: string) => {
    const isOnly = states.length === 1 && states[0] === state;
    onChange({ state: isOnly ? undefined : state });
  };
  return (
    <fieldset className="vitals-states">
      <legend className="yw-visually-hidden">{t('vitals.column.grade')}</legend>
      {STANDINGS.map((state) => {
        const count = rows.filter((row) => row.state === state).length;
        return (
          <button
            key={state}
            type="button"
            aria-pressed={states.includes(state)}
            onClick={() => press(state)}
          >
            <GradeLamp state={state} /> <strong>{count}</strong>
          </button>
        );
      })}
    </fieldset>
  );
}
