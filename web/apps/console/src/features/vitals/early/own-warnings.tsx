import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { earlyWarningsQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { useRecordWords, useTrust } from './use-trust.ts';
import { WarningList } from './warning-list.tsx';
import { warningsOf } from './warnings.ts';

/** Early warnings of one indicator and their record; nothing where it cannot be warned of. */
export function OwnWarnings({ code }: { code: string }) {
  const t = useT();
  const [search] = useSearchParams();
  const query = useQuery(earlyWarningsQuery(search.area));
  const now = useNow();
  const trust = useTrust()(code);
  const recordWords = useRecordWords();
  const rows = useMemo(
    () =>
      warningsOf(
        (query.data ?? []).filter(({ indicator }) => indicator === code),
        'all',
        now,
      ),
    [query.data, code, now],
  );
  if (!trust) return null;
  return (
    <Panel
      flush
      className="early-own"
      title={t('vitals.early.own')}
      extra={
        <Link to="/vitals/warnings" search={{ area: search.area }}>
          {t('vitals.early.all')}
        </Link>
      }
    >
      <p className="early-own-record">{recordWords(trust)}</p>
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <p className="early-own-record yw-dim">{t('vitals.early.ownNone')}</p>
          ) : (
            <WarningList warnings={rows} label={t('vitals.early.own')} isOfOne />
          )
        }
      </Loaded>
    </Panel>
  );
}
