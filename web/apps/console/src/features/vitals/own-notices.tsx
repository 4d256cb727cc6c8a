import { useInfiniteQuery } from '@tanstack/react-query';
import { vitalNoticesQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { NoticeTable } from './notice-table.tsx';

/** The notices of one indicator among the newest ones of the area; older ones are read when somebody asks. */
export function OwnNotices({ code }: { code: string }) {
  const t = useT();
  const [search] = useSearchParams();
  const query = useInfiniteQuery(vitalNoticesQuery({ area: search.area, open: undefined, limit: 200 }));
  const all = query.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = all.filter((notice) => notice.indicator === code);
  return (
    <Panel
      flush
      scroll
      title={t('vitals.detail.notices')}
      className="vitals-own-notices"
      extra={
        <>
          <span className="yw-dim">{t('vitals.detail.noticesOf', { count: all.length })}</span>
          {query.hasNextPage && (
            <Button
              size="small"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('shell.states.more')}
            </Button>
          )}
        </>
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
