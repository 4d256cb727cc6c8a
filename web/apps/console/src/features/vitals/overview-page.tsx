import { useQuery } from '@tanstack/react-query';
import { vitalsQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SideSplit } from '../../parts/side-pane.tsx';
import { BreachedList } from './breached-list.tsx';
import { DomainTiles } from './domain-tiles.tsx';
import { EarlyStrip } from './early/early-strip.tsx';
import { IndexPanel } from './index-panel.tsx';
import { OpenNotices } from './open-notices.tsx';
import { ScorePane } from './score-pane.tsx';
import { VitalsHead } from './vitals-head.tsx';
import './overview.css';

/** An area at a glance: how it is, what is red, and what follows from it. */
export default function OverviewPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(vitalsQuery(search.area));
  const choose = (sel: string | undefined) => setSearch({ sel }, { replace: true });
  return (
    <div className="page">
      <VitalsHead>
        <span className="yw-dim">
          {query.data?.computed_at && t('vitals.computed', { time: fullTime(query.data.computed_at) })}
        </span>
      </VitalsHead>
      <Loaded query={query}>
        {(overview) => (
          <SideSplit
            pane={
              search.sel && (
                <ScorePane
                  key={search.sel}
                  overview={overview}
                  sel={search.sel}
                  onClose={() => choose(undefined)}
                />
              )
            }
          >
            <div className="vitals-overview">
              <IndexPanel overview={overview} onOpen={() => choose('index')} />
              <EarlyStrip area={search.area} />
              <BreachedList area={search.area} />
              <OpenNotices area={search.area} />
              <DomainTiles overview={overview} chosen={search.sel} onPick={choose} />
            </div>
          </SideSplit>
        )}
      </Loaded>
    </div>
  );
}
