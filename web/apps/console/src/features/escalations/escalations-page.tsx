import { useQuery } from '@tanstack/react-query';
import { dryRunQuery } from '@yiwang/api/escalation-api.ts';
import type { DryRun, TurnRow } from '@yiwang/api/types/escalation.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { useDayTime } from '../../parts/use-words.ts';
import { countTurns, isLevel, type Level, type TurnCounts } from './counts.ts';
import { EscalationTable } from './escalation-table.tsx';
import { Summary } from './summary.tsx';
import { TurnTable } from './turn-table.tsx';
import './escalations.css';

const HOURS = [1, 2, 4, 8, 24, 72] as const;
const HOURS_DEFAULT = 4;

/** Which lights turn next if nobody does anything, by clock and level; every row opens its case. */
export default function EscalationsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const hours = HOURS.find((one) => String(one) === search.hours) ?? HOURS_DEFAULT;
  const query = useQuery(dryRunQuery(hours));
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('escalations.title')}</h2>
        <span className="yw-dim">{t('escalations.hint')}</span>
        <span className="page-gap" />
        <fieldset className="hours">
          <legend className="yw-visually-hidden">{t('escalations.within')}</legend>
          <span aria-hidden="true">{t('escalations.within')}</span>
          {HOURS.map((one) => (
            <Button
              key={one}
              type={one === hours ? 'primary' : 'default'}
              aria-pressed={one === hours}
              onClick={() =>
                setSearch({ hours: one === HOURS_DEFAULT ? undefined : String(one) }, { replace: true })
              }
            >
              {one < 48 ? t('escalations.hours', { count: one }) : t('escalations.days', { count: one / 24 })}
            </Button>
          ))}
        </fieldset>
      </div>
      <Loaded query={query}>{(run) => <Body run={run} />}</Loaded>
    </div>
  );
}

function Body({ run }: { run: DryRun }) {
  const t = useT();
  const when = useDayTime();
  const [search, setSearch] = useSearchParams();
  const level: Level | undefined = isLevel(search.level) ? search.level : undefined;
  const clock = search.clock;
  const counts: TurnCounts = countTurns(run.items);
  const fits = (row: TurnRow) => (!level || row.light === level) && (!clock || row.kind === clock);
  const rows = run.items.filter(fits);
  const choose = (next: { level?: string | undefined; clock?: string | undefined }) =>
    setSearch({ level: next.level, clock: next.clock }, { replace: true });
  return (
    <>
      {run.cut_at_cases && (
        <Alert type="warning" showIcon title={t('escalations.cut', { count: run.cut_at_cases })} />
      )}
      {run.items.length === 0 ? (
        <Panel>
          <Empty text={t('escalations.none')} />
        </Panel>
      ) : (
        <div className="escalations-split">
          <Panel flush title={t('escalations.until', { time: when(run.until) })}>
            <Summary counts={counts} level={level} clock={clock} onChoose={choose} />
          </Panel>
          <Panel
            flush
            scroll
            title={`${t('escalations.list')} · ${rows.length}`}
            extra={
              (level || clock) && (
                <Button size="small" onClick={() => choose({})}>
                  {t('escalations.clear')}
                </Button>
              )
            }
          >
            <TurnTable rows={rows} />
          </Panel>
        </div>
      )}
      <Panel
        flush
        scroll
        className="escalations-next"
        title={`${t('escalations.escalated')} · ${run.escalations.length}`}
      >
        <EscalationTable rows={run.escalations} />
      </Panel>
    </>
  );
}
