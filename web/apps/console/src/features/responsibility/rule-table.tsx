import type { ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useNames } from './use-names.ts';

interface RuleTableProps {
  rules: readonly ResponsibilityRule[];
  extra?: GridColumn<ResponsibilityRule>;
}

const SHOWN_MAX = 6;

export function RuleTable({ rules, extra }: RuleTableProps) {
  const t = useT();
  const text = useText();
  const names = useNames();
  const word = (key: string) => t(`catalog.responsibility.${key}`);
  const list = (codes: readonly string[], name: (code: string) => string) => {
    const shown = codes
      .slice(0, SHOWN_MAX)
      .map((code) => (code === '*' || name(code) === code ? name(code) : `${name(code)} ${code}`));
    return shown.join('、') + (codes.length > SHOWN_MAX ? ` … ${codes.length}` : '');
  };
  const columns: GridColumn<ResponsibilityRule>[] = [
    {
      key: 'id',
      title: word('ruleId'),
      width: '12%',
      render: (rule) => <span className="yw-mono">{rule.id}</span>,
    },
    { key: 'items', title: word('items'), render: (rule) => list(rule.items, names.item) },
    {
      key: 'areas',
      title: word('areas'),
      width: '12%',
      render: (rule) => (rule.areas.length === 0 ? word('everywhere') : list(rule.areas, names.area)),
    },
    {
      key: 'lead',
      title: word('lead'),
      width: '13%',
      render: (rule) => (
        <>
          {names.org(rule.lead)} {rule.fallback && <Chip tone="orange">{word('fallback')}</Chip>}
        </>
      ),
    },
    {
      key: 'assistants',
      title: word('assistants'),
      width: '12%',
      render: (rule) => (rule.assistants ?? []).map(names.org).join('、'),
    },
    { key: 'basis', title: word('basis'), width: '16%', render: (rule) => text(rule.basis) },
    {
      key: 'valid',
      title: word('valid'),
      width: '9%',
      render: (rule) => (
        <span className="yw-dim">{[rule.valid_from, rule.valid_to].filter(Boolean).join(' – ')}</span>
      ),
    },
    ...(extra ? [extra] : []),
  ];
  return <GridTable label={word('title')} columns={columns} rows={rules} rowKey={(rule) => rule.id} />;
}
