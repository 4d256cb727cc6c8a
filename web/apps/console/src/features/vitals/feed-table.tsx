import type { Feed } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { FeedLight } from './feed-light.tsx';
import { IndicatorLink } from './indicator-link.tsx';
import { useOwnerName } from './use-names.ts';
import { ageWords, plainValue } from './values.ts';
import './feeds.css';

interface TableProps {
  feeds: readonly Feed[];
  selected: string | undefined;
  /** The detail stands beside it. */
  isNarrow: boolean;
  onPick: (feed: string) => void;
}

export function FeedTable({ feeds, selected, isNarrow, onPick }: TableProps) {
  const t = useT();
  const text = useText();
  const ownerName = useOwnerName();
  const word = (key: string) => t(`vitals.feed.column.${key}`);
  const count = (key: 'stored' | 'duplicate' | 'refused'): GridColumn<Feed> => ({
    key,
    title: word(key),
    width: '84px',
    align: 'right',
    render: (feed) => (
      <span className={feed[key] === 0 ? 'yw-dim' : ''}>{feed[key].toLocaleString('en-US')}</span>
    ),
  });
  const columns: (GridColumn<Feed> | false)[] = [
    { key: 'state', title: word('state'), width: '96px', render: (feed) => <FeedLight state={feed.state} /> },
    {
      key: 'feed',
      title: word('feed'),
      render: (feed) => (
        <>
          {text(feed.name)}
          <span className="cell-two yw-mono">{feed.feed}</span>
        </>
      ),
    },
    {
      key: 'indicators',
      title: word('indicators'),
      width: '96px',
      render: (feed) =>
        feed.indicators.map((code) => (
          <span key={code} className="vitals-code">
            <IndicatorLink code={code}>{code}</IndicatorLink>
          </span>
        )),
    },
    !isNarrow && {
      key: 'owner',
      title: word('owner'),
      width: '12%',
      render: (feed) => ownerName(feed.owner),
    },
    {
      key: 'age',
      title: word('age'),
      width: '128px',
      render: (feed) => (
        <>
          {ageWords(t, feed.age_seconds)}
          <span className="cell-two">
            {t('vitals.feed.allowed', { span: ageWords(t, feed.lag_allowed_seconds) })}
          </span>
        </>
      ),
    },
    {
      key: 'last',
      title: word('last'),
      width: '112px',
      align: 'right',
      render: (feed) => plainValue(feed.last_value, feed.unit),
    },
    !isNarrow && count('stored'),
    !isNarrow && count('duplicate'),
    count('refused'),
    !isNarrow && {
      key: 'refusal',
      title: word('refusal'),
      width: '18%',
      render: (feed) => <span className="yw-dim">{feed.last_refusal}</span>,
    },
  ];
  return (
    <GridTable
      label={t('vitals.tab.feeds')}
      columns={columns.filter((column) => column !== false)}
      rows={feeds}
      rowKey={(feed) => feed.feed}
      selected={selected}
      isDim={(feed) => feed.state === 'never'}
      onPick={(feed) => onPick(feed.feed)}
    />
  );
}
