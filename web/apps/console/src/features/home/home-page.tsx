import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentApi, type NumbersBy, numbersQuery } from '@yiwang/api/incident-api.ts';
import type { NumberGroup, Numbers } from '@yiwang/api/types/incident.ts';
import type { Light as LightName } from '@yiwang/api/types/shared.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { type Search, searchOfQuery } from '../../parts/incident-filters.ts';
import './home.css';

const ROWS_MAX = 14;

/** The hub in figures; every figure opens the cases that it counts. */
export default function HomePage() {
  const t = useT();
  const light = useQuery(numbersQuery('light'));
  return (
    <div className="page home">
      <Loaded query={light}>
        {(numbers) => (
          <>
            <div className="page-head">
              <h2>{t('home.title')}</h2>
              <span className="yw-dim">{t('home.asOf', { time: clock(numbers.as_of) })}</span>
            </div>
            <Headline numbers={numbers} />
          </>
        )}
      </Loaded>
      <div className="home-grid">
        <Figures by="status" title={t('home.byStatus')} />
        <Figures by="org" title={t('home.byOrg')} />
        <Figures by="item" title={t('home.byItem')} />
        <Figures by="area" title={t('home.byArea')} />
        <Figures by="source" title={t('home.bySource')} />
      </div>
    </div>
  );
}

function clock(at: string): string {
  const { date, time, seconds } = civil(at);
  return `${date} ${time}:${seconds}`;
}

function Headline({ numbers }: { numbers: Numbers }) {
  const t = useT();
  const term = useTerm();
  const now = useNow();
  const today = civil(now).date;
  const soon = useQuery({
    queryKey: ['incidents', 'numbers', 'soon'],
    queryFn: () => incidentApi.soon('4h'),
    refetchInterval: 60_000,
  });
  const of = (light: LightName) => numbers.groups.find((group) => group.key === light);
  return (
    <div className="home-headline">
      <Figure
        label={t('home.today')}
        count={numbers.today}
        search={{ scope: 'all', from: today, until: today }}
      />
      <Figure label={t('home.open')} count={numbers.open} search={{}} />
      {(['red', 'orange', 'yellow', 'green'] as const).map((light) => (
        <Figure
          key={light}
          label={<Light light={light} label={term('light', light)} />}
          count={of(light)?.count ?? 0}
          search={of(light) ? searchOfQuery(of(light)?.query ?? {}) : { light }}
          tone={light}
        />
      ))}
      <Figure
        label={t('home.fourHours')}
        count={soon.data?.count}
        more={soon.data?.more ?? false}
        search={{ within: '4h', sort: 'due' }}
      />
      <Figure
        label={t('home.total')}
        count={numbers.total}
        more={numbers.total_is_more}
        search={{ scope: 'all' }}
      />
    </div>
  );
}

interface FigureProps {
  label: React.ReactNode;
  count: number | undefined;
  more?: boolean;
  search: Search;
  tone?: LightName;
}

function Figure({ label, count, more = false, search, tone = 'none' }: FigureProps) {
  return (
    <Link to="/incidents" search={search} className="home-figure" data-light={tone}>
      <strong>
        {count === undefined ? '—' : count.toLocaleString('en-US')}
        {more && '+'}
      </strong>
      <span>{label}</span>
    </Link>
  );
}

function Figures({ by, title }: { by: NumbersBy; title: string }) {
  const t = useT();
  const query = useQuery(numbersQuery(by));
  return (
    <Panel title={title} extra={<span className="yw-dim">{t('home.openOnly')}</span>} scroll>
      <Loaded query={query}>{(numbers) => <Bars by={by} groups={numbers.groups} />}</Loaded>
    </Panel>
  );
}

function Bars({ by, groups }: { by: NumbersBy; groups: NumberGroup[] }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const most = Math.max(1, ...groups.map((group) => group.count));
  if (groups.length === 0) return <p className="yw-dim">{t('home.none')}</p>;
  const label = (group: NumberGroup) =>
    (by === 'status' || by === 'source' ? term(by, group.key) : text(group.label)) ||
    text(group.label) ||
    t('shell.common.none');
  return (
    <ul className="home-bars">
      {groups.slice(0, ROWS_MAX).map((group) => (
        <li key={group.key}>
          <Link
            to="/incidents"
            search={searchOfQuery(group.query)}
            title={t('home.drill', { count: group.count })}
          >
            <span className="home-bar-label">{label(group)}</span>
            <span className="home-bar">
              <span style={{ width: `${(group.count / most) * 100}%` }} />
            </span>
            <span className="home-bar-count">{group.count.toLocaleString('en-US')}</span>
            <span className="home-bar-share">
              {total ? `${Math.round((group.count / total) * 100)}%` : ''}
            </span>
          </Link>
        </li>
      ))}
      {groups.length > ROWS_MAX && (
        <li className="yw-dim">{t('home.rest', { count: groups.length - ROWS_MAX })}</li>
      )}
    </ul>
  );
}
