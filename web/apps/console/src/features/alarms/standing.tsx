import { Link } from '@tanstack/react-router';
import type { AlarmDetail } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { isGroup, quietedBy } from './kind.ts';

/** What keeps it quiet, what it is part of, and that nobody has taken note. */
export function Standing({ alarm }: { alarm: AlarmDetail }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const word = (key: string, values?: Record<string, unknown>) => t(`quiet.alarm.${key}`, values);
  const by = quietedBy(alarm);
  return (
    <>
      {alarm.unattended > 0 && !alarm.acknowledged_at && (
        <Alert type="error" showIcon title={word('unattendedLong', { count: alarm.unattended })} />
      )}
      {alarm.suppressed_by && (
        <Alert
          type="info"
          showIcon
          title={word(`by.${alarm.suppressed_by}`)}
          description={word('suppressedHint')}
          action={
            by && (
              <button
                type="button"
                className="link-button"
                onClick={() => setSearch({ phase: search.phase, ...by })}
              >
                {word(alarm.suppressed_by === 'parent' ? 'seeParent' : 'seeWindows')}
              </button>
            )
          }
        />
      )}
      {alarm.group_id && !isGroup(alarm) && (
        <p className="alarm-part">
          {word('partOf')}{' '}
          <Link to="/alarms" search={{ ...search, sel: alarm.group_id }}>
            {word('seeGroup')}
          </Link>
        </p>
      )}
    </>
  );
}
