import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { earlyWarningsQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Forbidden, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { useNow } from '../../../app/use-now.ts';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { useListKeys } from '../use-list-keys.ts';
import { VitalsHead } from '../vitals-head.tsx';
import { TrustPanel } from './trust-panel.tsx';
import { WarningList } from './warning-list.tsx';
import { PHASES, warningsOf } from './warnings.ts';
import './early.css';

/** What is about to cross a limit, whether past warnings were right, and how far they can be trusted. */
export default function WarningsPage() {
  const t = useT();
  const { can } = useSigned();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const phase = PHASES.find((one) => one === search.phase) ?? 'open';
  const query = useQuery(earlyWarningsQuery(search.area));
  const now = useNow();
  const rows = useMemo(() => warningsOf(query.data ?? [], phase, now), [query.data, phase, now]);
  const open = (id: string) => {
    const row = rows.find((one) => one.id === id);
    if (!row) return;
    void navigate({
      to: '/vitals/indicators/$code',
      params: { code: row.indicator },
      search: { area: row.area },
    });
  };
  useListKeys({
    codes: rows.map(({ id }) => id),
    cursor: search.sel,
    onMove: (sel) => setSearch({ sel }, { replace: true }),
    onOpen: open,
  });
  if (!can('vitals.read')) return <Forbidden />;
  return (
    <div className="page">
      <VitalsHead>
        <Segmented
          aria-label={t('vitals.early.phase')}
          value={phase}
          onChange={(next) =>
            setSearch(
              { phase: next === 'open' ? undefined : String(next), sel: undefined },
              { replace: true },
            )
          }
          options={PHASES.map((one) => ({ value: one, label: t(`vitals.early.phases.${one}`) }))}
        />
      </VitalsHead>
      <div className="early-page">
        <Panel
          flush
          scroll
          className="early-warnings"
          title={`${t(`vitals.early.${phase}`)}${query.data ? ` · ${rows.length}` : ''}`}
          extra={<span className="yw-dim early-horizon">{t('vitals.early.horizon')}</span>}
        >
          <Loaded query={query}>
            {() =>
              rows.length === 0 ? (
                <Empty
                  text={t(phase === 'past' ? 'vitals.early.nonePast' : 'vitals.early.none')}
                  hint={t('vitals.early.noneHint')}
                />
              ) : (
                <WarningList warnings={rows} label={t(`vitals.early.${phase}`)} cursor={search.sel} />
              )
            }
          </Loaded>
        </Panel>
        <TrustPanel />
      </div>
    </div>
  );
}
