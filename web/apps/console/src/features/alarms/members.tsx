import { useInfiniteQuery } from '@tanstack/react-query';
import { alarmMembersQuery } from '@yiwang/api/alerting-api.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { SeverityChip } from '../../parts/severity.tsx';
import { SideSection } from '../../parts/side-pane.tsx';

/** The alarms that stand behind one: each opens by itself. */
export function Members({ alarm }: { alarm: Alarm }) {
  const t = useT();
  const now = useNow();
  const [, setSearch] = useSearchParams();
  const query = useInfiniteQuery(alarmMembersQuery(alarm.id));
  const members = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SideSection
      title={t('quiet.members.title')}
      extra={t('quiet.members.count', { count: alarm.members, open: alarm.members_open })}
    >
      <Loaded query={query}>
        {() => (
          <>
            {members.length === 0 && <p className="yw-dim">{t('quiet.members.none')}</p>}
            <ul className="alarm-members">
              {members.map((one) => (
                <li key={one.id}>
                  <button type="button" onClick={() => setSearch({ sel: one.id })}>
                    <SeverityChip severity={one.severity} />
                    <span>
                      {one.device_name} <span className="yw-dim yw-mono">{one.device}</span>
                    </span>
                    <span className="yw-dim">
                      {shortTime(one.opened_at, now)}{' '}
                      {t(one.is_open ? 'alerting.state.open' : 'alerting.state.ended')}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {members.length > 0 && <LoadMore count={members.length} query={query} />}
          </>
        )}
      </Loaded>
    </SideSection>
  );
}
