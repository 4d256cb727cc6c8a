import type { AlarmRule, DatedNumber } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';

interface ParamRow extends DatedNumber {
  name: string;
}

/** Thresholds by name, each with the time in which it counts. */
export function Params({ rule }: { rule: AlarmRule }) {
  const t = useT();
  const word = (key: string) => t(`alerting.rules.${key}`);
  const rows: ParamRow[] = Object.entries(rule.rule.params ?? {}).flatMap(([name, given]) =>
    typeof given === 'number' ? [{ name, value: given }] : given.map((dated) => ({ name, ...dated })),
  );
  if (rows.length === 0) return <p className="yw-dim">{word('noParams')}</p>;
  const at = (time: string | null | undefined) =>
    time ? dayTime(time) : <span className="yw-dim">{word('always')}</span>;
  const columns: GridColumn<ParamRow>[] = [
    { key: 'name', title: word('param'), render: (row) => <span className="yw-mono">{row.name}</span> },
    { key: 'value', title: word('value'), align: 'right', render: (row) => <strong>{row.value}</strong> },
    { key: 'from', title: word('from'), render: (row) => at(row.from) },
    { key: 'to', title: word('to'), render: (row) => at(row.to) },
  ];
  return (
    <GridTable
      label={word('params')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.name}-${row.from ?? ''}`}
    />
  );
}
