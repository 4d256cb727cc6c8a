import { useInfiniteQuery } from '@tanstack/react-query';
import { vitalNoticesQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { NoticeTable } from './notice-table.tsx';

/** The notices of one indicator in the area, the newest first; older ones are read when somebody asks. */
export function OwnNotices({ code }: { code: string }) {
  const t = useT();
  const [search] = useSearchParams();
  const query = useInfiniteQuery(vitalNoticesQuery({ indicator: code, area: search.area }));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      flush
      scroll
      title={t('vitals.detail.notices')}
      className="vitals-own-notices"
      extra={
        query.hasNextPage && (
          <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('shell.states.more')}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <p className="vitals-note yw-dim">{t('vitals.detail.noNotices')}</p>
          ) : (
            <NoticeTable notices={rows} label={t('vitals.detail.notices')} isOfOne />
          )
        }
      </Loaded>
    </Panel>
  );
}
