import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VitalNotice } from '@yiwang/api/types/vitals.ts';
import { vitalNoticesQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { IndicatorLink } from './indicator-link.tsx';
import { NoticeActs } from './notice-acts.tsx';
import { FollowChip, NoticeCase } from './notice-case.tsx';
import { useAreaName } from './use-names.ts';
import { plainValue } from './values.ts';

const SHOWN_MAX = 20;

/** Notices that nobody took note of yet, the newest first. */
export function OpenNotices({ area }: { area: string | undefined }) {
  const t = useT();
  const query = useInfiniteQuery(vitalNoticesQuery({ area, open: true, limit: SHOWN_MAX }));
  const rows = query.data?.pages[0]?.items ?? [];
  const isMore = query.hasNextPage || rows.length > SHOWN_MAX;
  return (
    <Panel
      flush
      scroll
      className="vitals-notices"
      title={`${t('vitals.notice.open')}${query.data ? ` · ${rows.length}${isMore ? '+' : ''}` : ''}`}
      extra={
        <Link to="/vitals/notices" search={{ area }}>
          {t('vitals.notice.all')}
        </Link>
      }
    >
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty text={t('vitals.notice.none')} />
          ) : (
            <ul className="vitals-rows">
              {rows.map((notice) => (
                <Row key={notice.id} notice={notice} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Row({ notice }: { notice: VitalNotice }) {
  const areaName = useAreaName();
  const now = useNow();
  return (
    <li className="vitals-notice">
      <GradeLamp state={notice.grade} />
      <span className="vitals-row-name">
        <IndicatorLink code={notice.indicator} area={notice.area}>
          {notice.name}
        </IndicatorLink>
        <span className="cell-two">
          <strong>{plainValue(notice.value, '')}</strong> · {areaName(notice.area)} ·{' '}
          {shortTime(notice.at, now)}
        </span>
      </span>
      <span className="vitals-notice-do">
        <FollowChip notice={notice} />
        <NoticeCase notice={notice} />
        <NoticeActs notice={notice} />
      </span>
    </li>
  );
}
