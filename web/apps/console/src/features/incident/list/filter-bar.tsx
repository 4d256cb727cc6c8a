import { FLAGS, SOURCES, STATUSES } from '@yiwang/api/types/incident.ts';
import { GRADES, LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Button, Input, type InputRef, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { DownOutlined, FilterOutlined } from '@yiwang/ui/icons.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { type RefObject, useEffect, useState } from 'react';
import { AreaPicker } from '../../../parts/area-picker.tsx';
import {
  type IncidentFilter,
  isFiltered,
  NO_FILTER,
  type Scope,
  SOON,
  type Sort,
  soonToggled,
  toggled,
} from '../../../parts/incident-filters.ts';
import { ItemPicker } from '../../../parts/item-picker.tsx';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import './filter-bar.css';

export interface FilterProps {
  filter: IncidentFilter;
  onChange: (filter: IncidentFilter) => void;
  searchRef: RefObject<InputRef | null>;
}

const SCOPES: readonly Scope[] = ['open', 'mine', 'all'];
const TYPING_MS = 300;

export function FilterBar(props: FilterProps) {
  const { filter, onChange, searchRef } = props;
  const t = useT();
  const term = useTerm();
  const isDeep = Boolean(
    filter.item ||
      filter.area ||
      filter.org ||
      filter.from ||
      filter.until ||
      (filter.within && filter.within !== SOON) ||
      filter.flag.length > 0,
  );
  const [more, setMore] = useState(isDeep);
  const change = (part: Partial<IncidentFilter>) => onChange({ ...filter, ...part });

  return (
    <search className="filter-bar" aria-label={t('incident.filter.label')}>
      <div className="filter-row">
        <Toggles label={t('incident.filter.scope')}>
          {SCOPES.map((scope) => (
            <Toggle key={scope} on={filter.scope === scope} onClick={() => change({ scope })}>
              {t(`incident.filter.${scope}`)}
            </Toggle>
          ))}
        </Toggles>
        <Toggles label={t('incident.filter.light')}>
          {LIGHTS.filter((light) => light !== 'none').map((light) => (
            <Toggle
              key={light}
              on={filter.light.includes(light)}
              onClick={() => change({ light: toggled(filter.light, light) })}
            >
              <Light light={light} label={term('light', light)} />
            </Toggle>
          ))}
        </Toggles>
        <Toggles label={t('incident.filter.within')}>
          <Toggle
            title={`${t('shell.keys.soon')} · D`}
            on={filter.within === SOON}
            onClick={() => onChange(soonToggled(filter))}
          >
            {t('incident.filter.soon')}
          </Toggle>
        </Toggles>
        <Toggles label={t('incident.filter.grade')}>
          {GRADES.map((grade) => (
            <Toggle
              key={grade}
              title={term('grade', grade)}
              on={filter.grade.includes(grade)}
              onClick={() => change({ grade: toggled(filter.grade, grade) })}
            >
              {term('gradeShort', grade)}
            </Toggle>
          ))}
        </Toggles>
        <Many
          width={132}
          label={t('incident.filter.status')}
          value={filter.status}
          options={STATUSES.map((status) => ({ value: status, label: term('status', status) }))}
          onChange={(status) => change({ status })}
        />
        <SearchField value={filter.q ?? ''} onChange={(q) => change({ q })} inputRef={searchRef} />
        <Select<Sort>
          aria-label={t('incident.filter.sort')}
          value={filter.sort}
          style={{ width: 120 }}
          onChange={(sort) => change({ sort })}
          options={[
            { value: 'created', label: t('incident.filter.sortCreated') },
            { value: 'due', label: t('incident.filter.sortDue') },
          ]}
        />
        <Button icon={<FilterOutlined />} onClick={() => setMore(!more)} aria-expanded={more}>
          {t('incident.morefilters')}
          <DownOutlined rotate={more ? 180 : 0} />
        </Button>
        {isFiltered(filter) && (
          <Button
            type="link"
            className="filter-clear"
            onClick={() => onChange({ ...NO_FILTER, sort: filter.sort })}
          >
            {t('incident.clear')}
          </Button>
        )}
      </div>
      {more && <MoreFilters filter={filter} change={change} />}
    </search>
  );
}

interface MoreProps {
  filter: IncidentFilter;
  change: (part: Partial<IncidentFilter>) => void;
}

const HOURS = ['1h', '4h', '8h', '24h'];

function MoreFilters({ filter, change }: MoreProps) {
  const t = useT();
  const term = useTerm();
  const clean = (value: string | undefined) => value ?? '';
  return (
    <div className="filter-row">
      <Many
        width={170}
        label={t('incident.filter.source')}
        value={filter.source}
        options={SOURCES.map((source) => ({ value: source, label: term('source', source) }))}
        onChange={(source) => change({ source })}
      />
      <Many
        width={150}
        label={t('incident.filter.flag')}
        value={filter.flag}
        options={FLAGS.map((flag) => ({ value: flag, label: term('flag', flag) }))}
        onChange={(flag) => change({ flag })}
      />
      <div className="filter-wide">
        <ItemPicker
          leavesOnly={false}
          withNone
          label={t('incident.filter.item')}
          value={filter.item}
          onChange={(item) => change({ item: clean(item) })}
        />
      </div>
      <div className="filter-narrow">
        <AreaPicker
          withNone
          label={t('incident.filter.area')}
          value={filter.area}
          onChange={(area) => change({ area: clean(area) })}
        />
      </div>
      <div className="filter-wide">
        <OrgPicker
          withNone
          label={t('incident.filter.org')}
          placeholder={t('incident.filter.org')}
          value={filter.org}
          onChange={(org) => change({ org: clean(org), tree: org !== 'none' })}
        />
      </div>
      <Select
        aria-label={t('incident.filter.within')}
        placeholder={t('incident.filter.within')}
        allowClear
        style={{ width: 150 }}
        value={filter.within ?? null}
        onChange={(within) => change({ within: within ?? '' })}
        options={HOURS.map((hours) => ({
          value: hours,
          label: t('incident.filter.withinHours', { hours: Number.parseInt(hours, 10) }),
        }))}
      />
      {(['from', 'until'] as const).map((key) => (
        <span key={key} className="filter-date">
          {t(`incident.filter.${key}`)}
          <DateField
            label={t(`incident.filter.${key}`)}
            value={filter[key]}
            onChange={(date) => change({ [key]: date })}
          />
        </span>
      ))}
    </div>
  );
}

interface SearchFieldProps {
  value: string;
  onChange: (text: string) => void;
  inputRef: RefObject<InputRef | null>;
}

/** Types at once, asks after a pause. */
function SearchField({ value, onChange, inputRef }: SearchFieldProps) {
  const t = useT();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the text starts the pause
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Input
      ref={inputRef}
      className="filter-search"
      type="search"
      aria-label={t('incident.searchPlaceholder')}
      placeholder={`${t('incident.searchPlaceholder')}  /`}
      allowClear
      value={text}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={() => onChange(text)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

function Toggles({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <fieldset className="toggles">
      <legend className="yw-visually-hidden">{label}</legend>
      {children}
    </fieldset>
  );
}

interface ToggleProps {
  on: boolean;
  onClick: () => void;
  title?: string;
  children: React.ReactNode;
}

function Toggle({ on, onClick, title, children }: ToggleProps) {
  return (
    <button type="button" className="toggle" aria-pressed={on} title={title} onClick={onClick}>
      {children}
    </button>
  );
}

interface ManyProps<T extends string> {
  label: string;
  width: number;
  value: T[];
  options: { value: T; label: string }[];
  onChange: (value: T[]) => void;
}

function Many<T extends string>({ label, width, value, options, onChange }: ManyProps<T>) {
  return (
    <Select<T[]>
      mode="multiple"
      aria-label={label}
      placeholder={label}
      style={{ width }}
      maxTagCount="responsive"
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={value}
      options={options}
      onChange={onChange}
    />
  );
}
