import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Behind } from '@yiwang/api/types/vitals.ts';
import { behindQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { isListed, type Listed, listsOf, pageOfList } from './behind.ts';
import { BehindFeeds, BehindIndicators } from './behind-codes.tsx';
import { BehindRows } from './behind-rows.tsx';

const RIGHTS: Record<Listed, string> = {
  cases: 'incident.read',
  alarms: 'alerting.read',
  devices: 'sensing.read',
};

/** What was counted: the cases, alarms or devices themselves, what departments sent, or other indicators. */
export function BehindPanel({ code }: { code: string }) {
  const t = useT();
  const [search] = useSearchParams();
  const query = useQuery(behindQuery(code, search.area));
  const kind = query.data?.kind;
  return (
    <Panel
      flush
      className="vitals-behind"
      title={`${t('vitals.behind.title')}${kind ? ` · ${t(`vitals.behind.kind.${kind}`)}` : ''}`}
    >
      <Loaded query={query}>{(behind) => <Facts behind={behind} />}</Loaded>
    </Panel>
  );
}

function Facts({ behind }: { behind: Behind }) {
  const t = useT();
  const { kind } = behind;
  if (kind === 'nothing') return <p className="vitals-note yw-dim">{t('vitals.behind.nothing')}</p>;
  if (kind === 'feed') return <BehindFeeds codes={behind.codes} />;
  if (kind === 'indicators') return <BehindIndicators codes={behind.codes} />;
  return isListed(kind) ? <Lists kind={kind} behind={behind} /> : null;
}

function Lists({ kind, behind }: { kind: Listed; behind: Behind }) {
  const t = useT();
  const { can } = useSigned();
  const { queries, ignored } = listsOf(behind);
  if (!can(RIGHTS[kind])) return <p className="vitals-note yw-dim">{t('vitals.behind.noRight')}</p>;
  return (
    <>
      {ignored.length > 0 && <p className="vitals-note yw-dim">{t('vitals.behind.wider')}</p>}
      <BehindRows kind={kind} queries={queries} />
      <p className="vitals-note">
        {queries.map((query) => {
          const page = pageOfList(kind, query);
          const what = query.item ?? query.rule;
          return (
            <Link key={JSON.stringify(query)} to={page.to} search={page.search} className="vitals-open">
              {t('vitals.behind.open')}
              {queries.length > 1 && what ? ` ${String(what)}` : ''}
            </Link>
          );
        })}
      </p>
    </>
  );
}
