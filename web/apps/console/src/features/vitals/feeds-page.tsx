import { useQuery } from '@tanstack/react-query';
import { FEED_STATES, type Feed } from '@yiwang/api/types/vitals.ts';
import { feedsQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Input } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type Lamp, Lamps } from '../../parts/lamps.tsx';
import { initialsFit } from '../../parts/pinyin.ts';
import { SideSplit } from '../../parts/side-pane.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { FeedPane } from './feed-pane.tsx';
import { FeedTable } from './feed-table.tsx';
import { useOwnerName } from './use-names.ts';
import { VitalsHead } from './vitals-head.tsx';

type Search = Record<string, string | undefined>;

const TONES = { fresh: 'green', late: 'orange', never: 'plain' } as const;

/** What departments send: how old it is, and what was not taken. */
export default function FeedsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const ownerName = useOwnerName();
  const query = useQuery(feedsQuery);
  const rows = useMemo(
    () => chosenFeeds(query.data ?? [], search, ownerName),
    [query.data, search, ownerName],
  );
  const choose = (sel: string | undefined) => setSearch({ sel }, { replace: true });
  useRowKeys(rows, search.sel, choose);
  const selected = query.data?.find((one) => one.feed === search.sel);
  return (
    <div className="page">
      <VitalsHead withArea={false}>
        <span className="yw-dim">{t('vitals.feed.hint')}</span>
      </VitalsHead>
      <FeedLamps feeds={query.data} />
      <div className="page-head">
        <Input
          allowClear
          type="search"
          style={{ width: 260 }}
          aria-label={t('vitals.feed.words')}
          placeholder={t('vitals.feed.words')}
          value={search.q ?? ''}
          onChange={(event) => setSearch({ q: event.target.value || undefined }, { replace: true })}
        />
      </div>
      <SideSplit
        pane={selected && <FeedPane key={selected.feed} feed={selected} onClose={() => choose(undefined)} />}
      >
        <Panel flush scroll className="vitals-feeds">
          <Loaded query={query}>
            {() =>
              rows.length === 0 ? (
                <Empty text={t('vitals.feed.none')} />
              ) : (
                <FeedTable feeds={rows} selected={search.sel} isNarrow={Boolean(selected)} onPick={choose} />
              )
            }
          </Loaded>
        </Panel>
      </SideSplit>
    </div>
  );
}

/** Rows that fit the address: state, refused or not, words. */
function chosenFeeds(
  feeds: readonly Feed[],
  { state, q, refused }: Search,
  ownerName: (code: string) => string,
) {
  const typed = q?.trim().toLowerCase() ?? '';
  const fits = (feed: Feed) => {
    const words = [feed.feed, feed.name.zh, feed.name.en, ownerName(feed.owner), ...feed.indicators].join(
      ' ',
    );
    return (
      (!state || feed.state === state) &&
      (refused !== 'yes' || feed.refused > 0) &&
      (!typed || words.toLowerCase().includes(typed) || initialsFit(feed.name.zh, typed))
    );
  };
  return feeds.filter(fits).map((feed) => ({ ...feed, id: feed.feed }));
}

function FeedLamps({ feeds }: { feeds: readonly Feed[] | undefined }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const lamps: Lamp[] = FEED_STATES.map((state) => ({
    key: state,
    label: t(`vitals.feed.state.${state}`),
    count: feeds?.filter((one) => one.state === state).length,
    tone: TONES[state],
    isPressed: search.state === state,
  }));
  const refused: Lamp = {
    key: 'refused',
    label: t('vitals.feed.withRefused'),
    count: feeds?.filter((one) => one.refused > 0).length,
    tone: 'orange',
    isPressed: search.refused === 'yes',
  };
  const press = (key: string) =>
    setSearch(
      key === 'refused'
        ? { refused: search.refused === 'yes' ? undefined : 'yes' }
        : { state: search.state === key ? undefined : key },
      { replace: true },
    );
  return <Lamps label={t('vitals.feed.lamps')} lamps={[...lamps, refused]} onPress={press} />;
}
