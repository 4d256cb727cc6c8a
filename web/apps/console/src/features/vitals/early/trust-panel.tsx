import { useQuery } from '@tanstack/react-query';
import type { EarlyTrust } from '@yiwang/api/types/vitals.ts';
import { earlyTrustQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { BASES, type Basis, sorted } from './trust.ts';
import { useTrustColumns } from './trust-columns.tsx';

/** How far warnings of each indicator can be trusted, and on how much that rests. */
export function TrustPanel() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(earlyTrustQuery);
  const basis: Basis = search.by === 'given' ? 'given' : 'tried';
  const rows = useMemo(() => sorted(query.data ?? [], basis, search.sort), [query.data, basis, search.sort]);
  return (
    <Panel
      flush
      scroll
      className="early-trust"
      title={t('vitals.early.trust.title')}
      extra={
        <Segmented
          size="small"
          aria-label={t('vitals.early.trust.basis')}
          value={basis}
          onChange={(next) => setSearch({ by: next === 'given' ? 'given' : undefined }, { replace: true })}
          options={BASES.map((one) => ({ value: one, label: t(`vitals.early.trust.bases.${one}`) }))}
        />
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty text={t('vitals.early.trust.none')} hint={t('vitals.early.trust.noneHint')} />
          ) : (
            <Trusts rows={rows} basis={basis} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Trusts({ rows, basis }: { rows: readonly EarlyTrust[]; basis: Basis }) {
  const t = useT();
  const columns = useTrustColumns(basis);
  return (
    <>
      <p className="early-how">{t(`vitals.early.trust.how.${basis}`)}</p>
      <GridTable
        label={t('vitals.early.trust.title')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.indicator}
      />
    </>
  );
}
