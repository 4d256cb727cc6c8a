import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input, Segmented, Select } from '@yiwang/ui/controls.ts';
import type { Search } from '../../app/router.tsx';
import { KINDS, PHASES, phaseOf, severityOf } from './filters.ts';

interface FiltersProps {
  search: Search;
  onChange: (change: Search) => void;
}

/** All of it stands in the address. */
export function AlarmFilters({ search, onChange }: FiltersProps) {
  const t = useT();
  const word = (key: string) => t(`alerting.filter.${key}`);
  const severity = severityOf(search);
  const yesNo = (key: 'acknowledged' | 'shelved' | 'suppressed', yes: string, no: string, any: string) => (
    <Select
      allowClear
      style={{ width: 150 }}
      aria-label={word(key)}
      placeholder={word(any)}
      value={search[key] ?? null}
      onChange={(value: string | null) => onChange({ [key]: value ?? undefined })}
      options={[
        { value: 'yes', label: word(yes) },
        { value: 'no', label: word(no) },
      ]}
    />
  );
  return (
    <div className="page-head">
      <Segmented
        aria-label={word('phase')}
        value={phaseOf(search)}
        onChange={(phase) => onChange({ phase: phase === 'open' ? undefined : phase })}
        options={PHASES.map((phase) => ({ value: phase, label: word(phase) }))}
      />
      <Input.Search
        allowClear
        style={{ width: 220 }}
        aria-label={t('alerting.search')}
        placeholder={t('alerting.search')}
        defaultValue={search.q ?? ''}
        onSearch={(q) => onChange({ q: q.trim() || undefined })}
      />
      <Select
        allowClear
        style={{ width: 150 }}
        aria-label={word('severity')}
        placeholder={word('anySeverity')}
        value={severity ?? null}
        onChange={(value: string | null) => onChange({ severity: value ?? undefined })}
        options={SEVERITIES.map((one) => ({
          value: one,
          label:
            one === 'I'
              ? t('alerting.severity.I')
              : t('alerting.orWorse', { severity: t(`alerting.severity.${one}`) }),
        }))}
      />
      {yesNo('acknowledged', 'isAcknowledged', 'notAcknowledged', 'anyAcknowledged')}
      {yesNo('shelved', 'isShelved', 'notShelved', 'anyShelved')}
      {yesNo('suppressed', 'isSuppressed', 'notSuppressed', 'anySuppressed')}
      <Select
        allowClear
        style={{ width: 130 }}
        aria-label={word('kind')}
        placeholder={word('anyKind')}
        value={KINDS.find((one) => one === search.kind) ?? null}
        onChange={(value: string | null) => onChange({ kind: value ?? undefined })}
        options={KINDS.map((one) => ({ value: one, label: word(`kinds.${one}`) }))}
      />
      {(['device', 'rule'] as const).map(
        (key) =>
          search[key] && (
            <Button key={key} size="small" onClick={() => onChange({ [key]: undefined })}>
              {t(`alerting.filter.${key}`, { code: search[key] })} ✕
            </Button>
          ),
      )}
    </div>
  );
}
