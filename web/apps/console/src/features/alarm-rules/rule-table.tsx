import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Levels } from './levels.tsx';
import { percent } from './parameter.ts';
import { StatusChips } from './status-chips.tsx';

interface TableProps {
  rules: AlarmRule[];
  selected: string | undefined;
  /** The detail stands beside it. */
  isNarrow: boolean;
  onPick: (rule: AlarmRule) => void;
}

export function RuleTable({ rules, selected, isNarrow, onPick }: TableProps) {
  const t = useT();
  const text = useText();
  const profileName = useProfileName();
  const word = (key: string) => t(`alerting.rules.${key}`);
  const columns: (GridColumn<AlarmRule> | false)[] = [
    {
      key: 'name',
      title: word('name'),
      width: isNarrow ? '36%' : '20%',
      render: ({ rule }) => (
        <>
          <strong>{text(rule.name)}</strong>
          <span className="cell-two yw-mono">{rule.id}</span>
        </>
      ),
    },
    !isNarrow && {
      key: 'profile',
      title: word('profile'),
      width: '12%',
      render: (rule) => profileName(rule.profile),
    },
    !isNarrow && { key: 'levels', title: word('levels'), render: (rule) => <Levels rule={rule} /> },
    {
      key: 'origin',
      title: t('rules.status.title'),
      width: isNarrow ? '22%' : '150px',
      render: (rule) => <StatusChips rule={rule} withStatus={!isNarrow} />,
    },
    {
      key: 'alarms',
      title: word('alarms'),
      width: '84px',
      align: 'right',
      render: (rule) => rule.alarms.toLocaleString('en-US'),
    },
    {
      key: 'precision',
      title: <span title={word('precisionHint')}>{word('precision')}</span>,
      width: isNarrow ? '100px' : '150px',
      render: (rule) => <Precision rule={rule} isShort={isNarrow} />,
    },
    {
      key: 'verified',
      title: word('verifiedColumn'),
      width: isNarrow ? '96px' : '15%',
      render: (rule) => (
        <>
          <Verified rule={rule} />
          {!isNarrow && rule.source && <span className="cell-two">{text(rule.source)}</span>}
        </>
      ),
    },
  ];
  return (
    <GridTable
      label={word('title')}
      columns={columns.filter((column) => column !== false)}
      rows={rules}
      rowKey={(rule) => rule.rule.id}
      selected={selected}
      onPick={onPick}
    />
  );
}

/** The kind of device by its name; its code where kinds may not be read. */
export function useProfileName(): (code: string) => string {
  const text = useText();
  const { data = [] } = useQuery(profilesQuery);
  return (code) => text(data.find((one) => one.code === code)?.name) || code;
}

export function Verified({ rule }: { rule: AlarmRule }) {
  const t = useT();
  return rule.verified === false ? (
    <Chip tone="yellow" title={t('alerting.rules.unverifiedHint')}>
      {t('alerting.rules.unverified')}
    </Chip>
  ) : (
    <Chip tone="green">{t('alerting.rules.verified')}</Chip>
  );
}

export function Precision({ rule, isShort = false }: { rule: AlarmRule; isShort?: boolean }) {
  const t = useT();
  if (typeof rule.precision !== 'number')
    return <span className="yw-dim">{isShort ? '—' : t('alerting.rules.noPrecision')}</span>;
  return (
    <>
      <strong>{percent(rule.precision)}</strong>
      {!isShort && (
        <span className="cell-two">
          {t('alerting.rules.judged', { yes: rule.found_true, no: rule.found_false })}
        </span>
      )}
    </>
  );
}
