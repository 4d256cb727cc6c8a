import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { indicatorsQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { chosen, filterOf } from './filters.ts';
import { IndicatorFilters } from './indicator-filters.tsx';
import { IndicatorList } from './indicator-list.tsx';
import { useListKeys } from './use-list-keys.ts';
import { useOwnerName } from './use-names.ts';
import { VitalsHead } from './vitals-head.tsx';

/** All indicators of an area: how they stand, since when, by whom. */
export default function IndicatorsPage() {
  const t = useT();
  const { can } = useSigned();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const ownerName = useOwnerName();
  const query = useQuery(indicatorsQuery(search.area));
  const rows = useMemo(
    () => chosen(query.data ?? [], filterOf(search), ownerName),
    [query.data, search, ownerName],
  );
  const move = (sel: string) => setSearch({ sel }, { replace: true });
  const open = (code: string) =>
    void navigate({ to: '/vitals/indicators/$code', params: { code }, search: { area: search.area } });
  useListKeys({ codes: rows.map((row) => row.code), cursor: search.sel, onMove: move, onOpen: open });
  if (!can('vitals.read')) return <Forbidden />;
  return (
    <div className="page">
      <VitalsHead />
      <IndicatorFilters
        rows={query.data ?? []}
        search={search}
        onChange={(change) => setSearch(change, { replace: true })}
      />
      <Panel flush className="vitals-list">
        <Loaded query={query}>
          {(all) =>
            rows.length === 0 ? (
              <Empty
                text={t(all.length === 0 ? 'vitals.list.noPack' : 'vitals.list.none')}
                hint={t(all.length === 0 ? 'vitals.list.noPackHint' : 'vitals.list.noneHint')}
              />
            ) : (
              <IndicatorList
                rows={rows}
                cursor={search.sel}
                sort={search.sort}
                onSort={(sort) => setSearch({ sort }, { replace: true })}
                onOpen={open}
              />
            )
          }
        </Loaded>
        {rows.length > 0 && (
          <p className="vitals-list-foot">
            {t('vitals.list.count', { count: rows.length, all: query.data?.length ?? 0 })}
          </p>
        )}
      </Panel>
    </div>
  );
}
