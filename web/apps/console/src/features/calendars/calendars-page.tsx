import { useQuery } from '@tanstack/react-query';
import { calendarsQuery } from '@yiwang/api/calendar-api.ts';
import type { CalendarView } from '@yiwang/api/types/calendar.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Button, Select } from '@yiwang/ui/controls.ts';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { Calculator } from './calculator.tsx';
import { YearView } from './year-view.tsx';
import './calendars.css';

/** When work is done: the days of a year, where they are from, and what a limit would end at. */
export default function CalendarsPage() {
  const t = useT();
  const query = useQuery(calendarsQuery);
  return (
    <div className="page calendars">
      <h2 className="yw-visually-hidden">{t('calendars.title')}</h2>
      <Loaded query={query}>
        {(calendars) => (calendars.length === 0 ? <Empty /> : <Body calendars={calendars} />)}
      </Loaded>
    </div>
  );
}

function Body({ calendars }: { calendars: CalendarView[] }) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const [search, setSearch] = useSearchParams();
  const thisYear = Number(civil(now).year);
  const year = Number(search.year) || thisYear;
  const chosen =
    calendars.find((one) => one.name === search.name) ??
    calendars.find((one) => one.kind === 'weekly') ??
    calendars[0];
  if (!chosen) return null;
  const turn = (by: number) => setSearch({ year: String(year + by) }, { replace: true });
  return (
    <div className="calendars-split">
      <div className="calendars-main">
        <div className="page-head">
          <Select
            aria-label={t('calendars.list')}
            style={{ minWidth: 260 }}
            value={chosen.name}
            onChange={(name) => setSearch({ name }, { replace: true })}
            options={calendars.map((one) => ({ value: one.name, label: text(one.title) }))}
          />
          <Chip tone={chosen.verified ? 'green' : 'yellow'} title={text(chosen.source)}>
            {t(`calendars.${chosen.verified ? 'verified' : 'unverified'}`)}
          </Chip>
          <span className="page-gap" />
          <Button aria-label={t('calendars.previous')} onClick={() => turn(-1)}>
            ‹
          </Button>
          <strong className="calendars-year">{t('calendars.year', { year })}</strong>
          <Button aria-label={t('calendars.next')} onClick={() => turn(1)}>
            ›
          </Button>
          <Button
            disabled={year === thisYear}
            onClick={() => setSearch({ year: undefined }, { replace: true })}
          >
            {t('calendars.thisYear')}
          </Button>
        </div>
        <YearView calendar={chosen} year={year} />
      </div>
      <div className="calendars-side">
        <About calendar={chosen} />
        <Calculator key={chosen.name} calendars={calendars} initial={chosen.name} />
      </div>
    </div>
  );
}

function About({ calendar }: { calendar: CalendarView }) {
  const t = useT();
  const text = useText();
  const word = (key: string) => t(`calendars.${key}`);
  return (
    <Panel title={text(calendar.title)} extra={<span className="yw-dim yw-mono">{calendar.name}</span>}>
      <Facts
        rows={[
          { label: word('version'), value: `v${calendar.version}` },
          calendar.days_known_until && { label: word('knownUntil'), value: calendar.days_known_until },
          calendar.source && { label: word('source'), value: text(calendar.source), wide: true },
          calendar.kind === 'always'
            ? { label: word('usual'), value: word('always'), wide: true }
            : { label: word('usual'), value: calendar.shifts.join(' · '), wide: true },
          ...calendar.seasons.map((season) => ({
            label: t('calendars.season', { from: season.from, to: season.to }),
            value: season.shifts.join(' · '),
            wide: true,
          })),
        ]}
      />
    </Panel>
  );
}
