import { useInfiniteQuery } from '@tanstack/react-query';
import { vitalNoticesQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { NoticeTable } from './notice-table.tsx';
import { VitalsHead } from './vitals-head.tsx';

const PHASES = ['open', 'noted', 'all'] as const;

/** What followed when grades began, and who took note of it. */
export default function NoticesPage() {
  const t = useT();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  const phase = PHASES.find((one) => one === search.phase) ?? 'open';
  const open = phase === 'all' ? undefined : phase === 'open';
  const query = useInfiniteQuery(vitalNoticesQuery({ area: search.area, open }));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  if (!can('vitals.read')) return <Forbidden />;
  return (
    <div className="page">
      <VitalsHead>
        <Segmented
          aria-label={t('vitals.notice.phase')}
          value={phase}
          onChange={(next) =>
            setSearch({ phase: next === 'open' ? undefined : String(next) }, { replace: true })
          }
          options={PHASES.map((one) => ({ value: one, label: t(`vitals.notice.phases.${one}`) }))}
        />
      </VitalsHead>
      <Panel flush scroll className="vitals-list">
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty text={t('vitals.notice.none')} hint={t('vitals.notice.noneHint')} />
            ) : (
              <NoticeTable notices={rows} label={t('vitals.tab.notices')} />
            )
          }
        </Loaded>
        {rows.length > 0 && <LoadMore count={rows.length} query={query} />}
      </Panel>
    </div>
  );
}
