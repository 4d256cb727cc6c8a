import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { feedsQuery, indicatorsQuery } from '@yiwang/api/vitals-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { FeedLight } from './feed-light.tsx';
import { IndicatorLink } from './indicator-link.tsx';
import { ageWords, plainValue, valueIn } from './values.ts';

const ROWS_MAX = 12;

/** What departments sent, which the number is or is made of. */
export function BehindFeeds({ codes }: { codes: readonly string[] }) {
  const t = useT();
  const query = useQuery(feedsQuery);
  return (
    <Loaded query={query}>
      {(feeds) => {
        // No code is all of them.
        const rows = codes.length === 0 ? feeds : feeds.filter((one) => codes.includes(one.feed));
        return (
          <>
            <ul className="vitals-rows vitals-facts">
              {rows.slice(0, ROWS_MAX).map((feed) => (
                <li key={feed.feed}>
                  <FeedLight state={feed.state} />
                  <span className="vitals-row-name">
                    <Link to="/vitals/feeds" search={{ sel: feed.feed }} className="yw-mono">
                      {feed.feed}
                    </Link>
                  </span>
                  <span className="yw-dim">
                    {plainValue(feed.last_value, feed.unit)} · {ageWords(t, feed.age_seconds)}
                  </span>
                </li>
              ))}
            </ul>
            {rows.length > ROWS_MAX && (
              <p className="vitals-note">
                <Link to="/vitals/feeds">{t('vitals.behind.allFeeds', { count: rows.length })}</Link>
              </p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Other indicators that the number is made of. */
export function BehindIndicators({ codes }: { codes: readonly string[] }) {
  const text = useText();
  const [search] = useSearchParams();
  const query = useQuery(indicatorsQuery(search.area));
  return (
    <Loaded query={query}>
      {(all) => (
        <ul className="vitals-rows vitals-facts">
          {codes.map((code) => {
            const row = all.find((one) => one.code === code);
            return (
              <li key={code}>
                <GradeLamp state={row?.state} />
                <span className="vitals-row-name">
                  <IndicatorLink code={code}>{row ? text(row.name) : code}</IndicatorLink>
                </span>
                {row && <strong>{valueIn(row.value, row.precision, row.unit)}</strong>}
              </li>
            );
          })}
        </ul>
      )}
    </Loaded>
  );
}
