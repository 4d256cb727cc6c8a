import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { deviceSummaryQuery, devicesQuery } from '@yiwang/api/sensing-api.ts';
import { HEARINGS } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type Lamp, Lamps } from '../../parts/lamps.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { SideSplit } from '../../parts/side-pane.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { DeviceAdd } from './device-add.tsx';
import { DeviceFilters } from './device-filters.tsx';
import { DeviceMap } from './device-map.tsx';
import { DevicePane } from './device-pane.tsx';
import { deviceQueryOf, listOf } from './device-query.ts';
import { DeviceTable } from './device-table.tsx';
import { HEARING_TONES } from './hearing.tsx';
import './devices.css';

/** The instruments of the city: who is heard, and what they say. */
export default function DevicesPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const { can } = useSigned();
  const summary = useQuery(deviceSummaryQuery);
  const overdue = summary.data?.calibration_overdue ?? 0;
  const choose = (id: string | undefined) => setSearch({ sel: id }, { replace: true });
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('sensing.title')}</h2>
        <span className="yw-dim">{t('sensing.hint')}</span>
        {overdue > 0 && <Chip tone="orange">{t('sensing.overdue', { count: overdue })}</Chip>}
        {can('sensing.edit') && <DeviceAdd onAdded={choose} />}
      </div>
      <HearingLamps />
      <DeviceFilters search={search} onChange={(change) => setSearch(change, { replace: true })} />
      <SideSplit
        pane={search.sel && <DevicePane key={search.sel} id={search.sel} onClose={() => choose(undefined)} />}
      >
        {search.view === 'map' ? (
          <DeviceMap filter={deviceQueryOf(search)} selected={search.sel} onPick={choose} />
        ) : (
          <List />
        )}
      </SideSplit>
    </div>
  );
}

function List() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useInfiniteQuery(devicesQuery(deviceQueryOf(search)));
  const devices = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const choose = (id: string) => setSearch({ sel: id }, { replace: true });
  useRowKeys(devices, search.sel, choose);
  return (
    <Panel flush scroll className="device-list">
      <Loaded query={query}>
        {() =>
          devices.length === 0 ? (
            <Empty text={t('sensing.none')} hint={t('sensing.noneHint')} />
          ) : (
            <DeviceTable
              devices={devices}
              selected={search.sel}
              isNarrow={Boolean(search.sel)}
              onPick={(device) => choose(device.id)}
            />
          )
        }
      </Loaded>
      {devices.length > 0 && <LoadMore count={devices.length} query={query} />}
    </Panel>
  );
}

function HearingLamps() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const { data } = useQuery(deviceSummaryQuery);
  const chosen = listOf(search.hearing);
  const lamps: Lamp[] = [
    {
      key: '',
      label: t('sensing.anyHearing'),
      count: data?.devices,
      tone: 'plain',
      isPressed: chosen.length === 0,
    },
    ...HEARINGS.map((hearing) => ({
      key: hearing,
      label: t(`sensing.hearing.${hearing}`),
      count: data && (data.by_hearing[hearing] ?? 0),
      tone: HEARING_TONES[hearing],
      isPressed: chosen.includes(hearing),
    })),
  ];
  const press = (key: string) => {
    const isOnly = chosen.length === 1 && chosen[0] === key;
    setSearch({ hearing: key && !isOnly ? key : undefined }, { replace: true });
  };
  return <Lamps label={t('sensing.hearingColumn')} lamps={lamps} onPress={press} />;
}
