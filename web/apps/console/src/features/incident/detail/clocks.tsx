import type { ClockView, IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime, shortTime } from '@yiwang/i18n/time.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { useState } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { dueNow } from '../../../parts/due.ts';
import { useDueWords, usePlanned } from '../../../parts/use-words.ts';
import { inOrder, isRunning, partUsed } from './clock-order.ts';

/** Every limit of the case, what is left of it, and how it was counted. */
export function Clocks({ detail }: { detail: IncidentDetail }) {
  const t = useT();
  const text = useText();
  const [all, setAll] = useState(false);
  const clocks = inOrder(detail.clocks);
  const running = clocks.filter(isRunning);
  const shown = all || running.length === 0 ? clocks : running;
  const unitOf = (clock: ClockView) => text(detail.tasks.find((task) => task.id === clock.task_id)?.org.name);
  if (clocks.length === 0) return null;
  return (
    <section className="section">
      <h3>
        {t('incident.section.clocks')}
        {!detail.policy_verified && <span className="yw-dim">{t('incident.fact.unverified')}</span>}
        {clocks.length > running.length && running.length > 0 && (
          <button type="button" className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>
            {t('shell.common.all')} {clocks.length}
          </button>
        )}
      </h3>
      <ul>
        {shown.map((clock) => (
          <Clock
            key={`${clock.kind}-${clock.task_id ?? ''}-${clock.started_at}`}
            clock={clock}
            unit={detail.tasks.length > 1 ? unitOf(clock) : ''}
          />
        ))}
      </ul>
    </section>
  );
}

function Clock({ clock, unit }: { clock: ClockView; unit: string }) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const words = useDueWords();
  const planned = usePlanned();
  const now = useNow();
  const [why, setWhy] = useState(false);
  const live = isRunning(clock);
  const due = live ? dueNow(clock.due_at, clock.light, now) : undefined;
  const light = due?.light ?? (clock.state === 'breached' ? 'red' : live ? clock.light : 'none');
  const label = due ? words(due.ms) : term('clockState', clock.state);
  const when = clock.stopped_at
    ? t('incident.clockStopped', { time: shortTime(clock.stopped_at, now) })
    : clock.due_at
      ? t('incident.clockDue', { time: planned(clock.due_at, now) })
      : t('incident.clockOpen');
  return (
    <li>
      <div className="clock">
        <span className="clock-name" title={[unit, clock.limit, clock.extra].filter(Boolean).join(' ')}>
          {term('clock', clock.kind)}
          {clock.stage && ` · ${text(clock.stage)}`} <span className="yw-dim">{unit}</span>
        </span>
        <div className="clock-bar" data-light={light}>
          <span style={{ width: `${partUsed(clock, now) * 100}%` }} />
        </div>
        <span className="yw-dim" title={fullTime(clock.stopped_at ?? clock.due_at)}>
          {when}
        </span>
        <Light light={light} label={label} paused={clock.state === 'suspended'} />
        <button type="button" className="link-button" aria-expanded={why} onClick={() => setWhy(!why)}>
          {t('incident.why')}
        </button>
      </div>
      {why && <p className="clock-why">{text(clock.explanation)}</p>}
    </li>
  );
}
