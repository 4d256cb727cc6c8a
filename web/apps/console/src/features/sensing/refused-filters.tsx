import { useQuery } from '@tanstack/react-query';
import { sensingHealthQuery } from '@yiwang/api/sensing-api.ts';
import { PROTOCOLS } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Input, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import type { Search } from '../../app/router.tsx';
import { useRefused } from '../../parts/refused.ts';

interface FiltersProps {
  search: Search;
  onChange: (change: Search) => void;
}

export function RefusedFilters({ search, onChange }: FiltersProps) {
  const t = useT();
  const refused = useRefused();
  const word = (key: string) => t(`sensing.health.${key}`);
  const edges = useQuery(sensingHealthQuery).data?.edges ?? [];
  // The reasons that were given so far, and the one that the address asks for.
  const codes = new Set(edges.flatMap((edge) => Object.keys(edge.counts.refused)));
  if (search.code) codes.add(search.code);
  const choice = (key: 'edge' | 'code', label: string, options: { value: string; label: string }[]) => (
    <Select
      allowClear
      style={{ width: 170 }}
      aria-label={label}
      placeholder={label}
      value={search[key] ?? null}
      onChange={(value: string | null) => onChange({ [key]: value ?? undefined })}
      options={options}
    />
  );
  const words = (key: 'q' | 'device', label: string) => (
    <Input.Search
      allowClear
      style={{ width: 200 }}
      aria-label={label}
      placeholder={label}
      defaultValue={search[key] ?? ''}
      onSearch={(text) => onChange({ [key]: text.trim() || undefined })}
    />
  );
  return (
    <div className="page-head sensing-filters">
      {choice(
        'edge',
        word('edge'),
        PROTOCOLS.map((one) => ({ value: one, label: t(`sensing.protocols.${one}`) })),
      )}
      {choice(
        'code',
        word('reason'),
        [...codes].sort().map((code) => ({ value: code, label: refused(code) })),
      )}
      {words('device', word('deviceSearch'))}
      {words('q', word('search'))}
      {(['from', 'until'] as const).map((key) => (
        <span key={key} className="filter-date">
          {word(key)}
          <DateField
            label={word(key)}
            value={search[key]}
            onChange={(date) => onChange({ [key]: date || undefined })}
          />
        </span>
      ))}
    </div>
  );
}
