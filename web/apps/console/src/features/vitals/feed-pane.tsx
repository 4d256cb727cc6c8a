import type { Feed } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Facts } from '@yiwang/ui/panel.tsx';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { FeedLight } from './feed-light.tsx';
import { IndicatorLink } from './indicator-link.tsx';
import { useOwnerName } from './use-names.ts';
import { ageWords, plainValue } from './values.ts';
import './feeds.css';

/** One feed: what came, what was not taken and why, and how values are sent. */
export function FeedPane({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const t = useT();
  const text = useText();
  const ownerName = useOwnerName();
  const word = (key: string) => t(`vitals.feed.column.${key}`);
  const number = (count: number) => count.toLocaleString('en-US');
  return (
    <SidePane
      label={t('vitals.tab.feeds')}
      title={text(feed.name)}
      note={
        <>
          <span className="yw-mono">{feed.feed}</span>
          <FeedLight state={feed.state} />
        </>
      }
      onClose={onClose}
    >
      <SideSection title={t('vitals.feed.came')}>
        <Facts
          rows={[
            { label: word('last'), value: plainValue(feed.last_value, feed.unit) },
            { label: word('at'), value: fullTime(feed.last_at) || '—' },
            { label: word('age'), value: ageWords(t, feed.age_seconds) },
            { label: word('allowed'), value: ageWords(t, feed.lag_allowed_seconds) },
            { label: word('stored'), value: number(feed.stored) },
            { label: word('duplicate'), value: number(feed.duplicate) },
            { label: word('refused'), value: number(feed.refused) },
            { label: word('areas'), value: number(feed.areas) },
            { label: word('owner'), value: ownerName(feed.owner) },
            {
              label: word('indicators'),
              value: feed.indicators.map((code) => (
                <span key={code} className="vitals-code">
                  <IndicatorLink code={code}>{code}</IndicatorLink>
                </span>
              )),
            },
            feed.last_refusal && { label: word('refusal'), value: feed.last_refusal, wide: true },
          ]}
        />
      </SideSection>
      <SideSection title={t('vitals.feed.how')}>
        <p>{t('vitals.feed.howHint')}</p>
        <h5>{t('vitals.feed.json')}</h5>
        <Sample text={jsonSample(feed.feed)} />
        <h5>{t('vitals.feed.csv')}</h5>
        <Sample text={csvSample(feed.feed)} />
        <p className="yw-dim">{t('vitals.feed.rules')}</p>
      </SideSection>
    </SidePane>
  );
}

function Sample({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <pre className="vitals-sample" tabIndex={0}>
      {text}
    </pre>
  );
}

const addressOf = (feed: string) => `${location.origin}/api/v1/feeds/${feed}/values`;

const jsonSample = (feed: string) => `curl -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '[{"time": "2026-11-26T10:00:00+08:00", "value": 98.6}]' \\
  ${addressOf(feed)}`;

const csvSample = (feed: string) => `printf 'time,area,value\\n2026-11-26T10:00:00+08:00,,98.6\\n' |
curl -H "Authorization: Bearer $TOKEN" -H 'Content-Type: text/csv' \\
  --data-binary @- ${addressOf(feed)}`;
