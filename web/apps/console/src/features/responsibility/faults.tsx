import { useQuery } from '@tanstack/react-query';
import { checkQuery } from '@yiwang/api/catalog-api.ts';
import type { OpenedFaults, ResponsibilityCheck, ResponsibilityFault } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';

export function Faults() {
  const t = useT();
  const query = useQuery(checkQuery);
  return (
    <div className="tab-body">
      <div className="toolbar">
        <Button loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('catalog.responsibility.recheck')}
        </Button>
      </div>
      <Loaded query={query}>{(check) => <CheckResult check={check} />}</Loaded>
    </div>
  );
}

/** The faults that a draft would open. */
export function OpenedList({ opened }: { opened: OpenedFaults }) {
  const of = (kind: 'hole' | 'overlap') => opened.faults.filter((fault) => fault.kind === kind);
  return (
    <>
      <FaultList name="holes" faults={of('hole')} />
      <FaultList name="overlaps" faults={of('overlap')} />
    </>
  );
}

/** Every pair of item and grid, and those that have no lead or more than one. */
export function CheckResult({ check }: { check: ResponsibilityCheck }) {
  const t = useT();
  const grouped = (count: number) => count.toLocaleString('en-US');
  return (
    <>
      <p className="yw-dim">
        {t('catalog.responsibility.checked', {
          items: grouped(check.items),
          grids: grouped(check.grids),
          pairs: grouped(check.pairs),
          ms: check.took_ms,
        })}
        {check.fallback_pairs > 0 &&
          ` ${t('catalog.responsibility.byFallback', { count: grouped(check.fallback_pairs) })}`}
      </p>
      {check.holes.length + check.overlaps.length === 0 ? (
        <Alert type="success" showIcon title={t('catalog.responsibility.clean')} />
      ) : (
        <>
          <FaultList name="holes" faults={check.holes} />
          <FaultList name="overlaps" faults={check.overlaps} />
        </>
      )}
    </>
  );
}

const sum = (faults: readonly ResponsibilityFault[]) =>
  faults.reduce((total, fault) => total + fault.count, 0);

export function FaultList({
  name,
  faults,
}: {
  name: 'holes' | 'overlaps';
  faults: readonly ResponsibilityFault[];
}) {
  const t = useT();
  const text = useText();
  if (faults.length === 0) return null;
  const columns: GridColumn<ResponsibilityFault>[] = [
    {
      key: 'item',
      title: t('catalog.responsibility.items'),
      render: (fault) => (
        <>
          {text(fault.item_name)} <span className="yw-dim yw-mono">{fault.item}</span>
        </>
      ),
    },
    {
      key: 'area',
      title: t('catalog.responsibility.areas'),
      render: (fault) => (
        <>
          {text(fault.area_name)} <span className="yw-dim yw-mono">{fault.area}</span>
        </>
      ),
    },
    {
      key: 'rules',
      title: t('catalog.responsibility.draftRules'),
      render: (fault) => <span className="yw-mono">{(fault.rules ?? []).join(' ')}</span>,
    },
    {
      key: 'count',
      title: '',
      width: '140px',
      align: 'right',
      render: (fault) => t('catalog.responsibility.grids', { count: fault.count }),
    },
  ];
  return (
    <Panel
      flush
      title={`${t(`catalog.responsibility.${name}`)} · ${t('catalog.responsibility.pairs', { count: sum(faults) })}`}
      extra={<span className="yw-dim">{t(`catalog.responsibility.${name}Hint`)}</span>}
    >
      <GridTable
        label={t(`catalog.responsibility.${name}`)}
        columns={columns}
        rows={faults}
        rowKey={(fault) => `${fault.item}|${fault.area}`}
      />
    </Panel>
  );
}
