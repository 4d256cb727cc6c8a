import { useInfiniteQuery } from '@tanstack/react-query';
import { alarmListQuery } from '@yiwang/api/alerting-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { SideSplit } from '../../parts/side-pane.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { AlarmFilters } from './alarm-filters.tsx';
import { AlarmPane } from './alarm-pane.tsx';
import { AlarmTable } from './alarm-table.tsx';
import { alarmQueryOf } from './filters.ts';

/** What stands open or was, one row for a storm, and beside it the one that was chosen. */
export function AlarmList() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useInfiniteQuery(alarmListQuery(alarmQueryOf(search)));
  const alarms = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const choose = (id: string | undefined) => setSearch({ sel: id }, { replace: true });
  useRowKeys(alarms, search.sel, choose);
  return (
    <>
      <AlarmFilters search={search} onChange={(change) => setSearch(change, { replace: true })} />
      <SideSplit pane={search.sel && <AlarmPane id={search.sel} onClose={() => choose(undefined)} />}>
        <Panel flush scroll>
          <Loaded query={query}>
            {() =>
              alarms.length === 0 ? (
                <Empty text={t('alerting.none')} hint={t('alerting.noneHint')} />
              ) : (
                <AlarmTable
                  alarms={alarms}
                  selected={search.sel}
                  isNarrow={Boolean(search.sel)}
                  onPick={(alarm) => choose(alarm.id)}
                />
              )
            }
          </Loaded>
          {alarms.length > 0 && <LoadMore count={alarms.length} query={query} />}
        </Panel>
      </SideSplit>
    </>
  );
}
