import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { alarmListQuery, alarmNumbersQuery } from '@yiwang/api/alerting-api.ts';
import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type Lamp, Lamps } from '../../parts/lamps.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { SEVERITY_TONES } from '../../parts/severity.tsx';
import { SideSplit } from '../../parts/side-pane.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { AlarmFilters } from './alarm-filters.tsx';
import { AlarmPane } from './alarm-pane.tsx';
import { AlarmTable } from './alarm-table.tsx';
import { alarmQueryOf, severityOf } from './filters.ts';
import { StormButton } from './storm-button.tsx';
import { useLiveAlarms } from './use-live-alarms.ts';
import './alarms.css';

/** What the instruments found: what stands open, why, and who looks after it. */
export default function AlarmsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const raised = useLiveAlarms();
  const filter = alarmQueryOf(search);
  const query = useInfiniteQuery(alarmListQuery(filter));
  const alarms = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const choose = (id: string | undefined) => setSearch({ sel: id }, { replace: true });
  useRowKeys(alarms, search.sel, choose);
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('alerting.title')}</h2>
        <span className="yw-dim">{t('alerting.hint')}</span>
        <span className="page-gap" />
        <StormButton />
      </div>
      <Numbers />
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
      <span className="yw-visually-hidden" aria-live={raised === 'I' ? 'assertive' : 'polite'}>
        {raised && `${t(`alerting.severityLong.${raised}`)} ${t('alerting.log.raised')}`}
      </span>
    </div>
  );
}

function Numbers() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const numbers = useQuery(alarmNumbersQuery);
  const chosen = severityOf(search);
  const lamps: Lamp[] = SEVERITIES.map((severity, index) => {
    const count = numbers.data?.by_severity[index];
    const name = t(`alerting.severity.${severity}`);
    return {
      key: severity,
      label: t(`alerting.severityLong.${severity}`),
      count,
      tone: SEVERITY_TONES[severity],
      title: t('alerting.lampTitle', { severity: name, count: count ?? 0 }),
      isPressed: chosen === severity,
    };
  });
  const all: Lamp = {
    key: 'all',
    label: t('alerting.openLamp'),
    count: numbers.data?.open,
    tone: 'plain',
    isPressed: false,
  };
  const press = (key: string) => {
    const severity = key === 'all' || key === chosen ? undefined : key;
    setSearch({ severity, phase: undefined }, { replace: true });
  };
  return <Lamps label={t('alerting.lamps')} lamps={[all, ...lamps]} onPress={press} />;
}
