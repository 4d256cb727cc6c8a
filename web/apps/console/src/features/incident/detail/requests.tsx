import type { IncidentDetail } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Button } from '@yiwang/ui/controls.ts';
import { useNow } from '../../../app/use-now.ts';
import { usePlanned } from '../../../parts/use-words.ts';

interface RequestsProps {
  detail: IncidentDetail;
  onDecide: (requestId: string) => void;
}

/** What units asked for, cards of supervision, and whistles. */
export function Requests({ detail, onDecide }: RequestsProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const now = useNow();
  const planned = usePlanned();
  const { requests, cards, whistles } = detail;
  if (requests.length + cards.length + whistles.length === 0) return null;
  const mayDecide = detail.allowed.includes('decide');
  return (
    <section className="section">
      <h3>{t('incident.section.requests')}</h3>
      <ul>
        {requests.map((request) => {
          const state = request.status;
          return (
            <li key={request.id} className="task">
              <Chip tone="yellow">{term('request', request.kind)}</Chip>
              <span>
                {request.text} <span className="yw-dim">{request.by.name}</span>
              </span>
              <span className="yw-dim">{shortTime(request.at, now)}</span>
              {state === 'pending' && mayDecide ? (
                <Button size="small" type="primary" onClick={() => onDecide(request.id)}>
                  {t('command.name.decide')}
                </Button>
              ) : (
                <Chip tone={state === 'approved' ? 'green' : 'plain'}>{term('requestState', state)}</Chip>
              )}
              {request.decision && (
                <p>
                  {request.decision.by.name}：{request.decision.text}
                </p>
              )}
            </li>
          );
        })}
        {cards.map((card) => (
          <li key={`${card.card}-${card.at}`} className="task">
            <Chip tone={card.card === 'urge' ? 'yellow' : card.card}>{term('card', card.card)}</Chip>
            <span>{card.text}</span>
            <span className="yw-dim">{shortTime(card.at, now)}</span>
            <span>{card.new_due && t('incident.newDue', { time: planned(card.new_due, now) })}</span>
          </li>
        ))}
        {whistles.map((whistle) => (
          <li key={whistle.id} className="task">
            <Chip tone="orange">{term('whistle', whistle.kind)}</Chip>
            <span>
              {whistle.place} {whistle.text}
            </span>
            <span className="yw-dim">
              {t('incident.arriveBy', { time: planned(whistle.arrive_by, now) })}
            </span>
            <span />
            <p>
              {whistle.calls
                .map(
                  (call) =>
                    `${text(call.org.name)} ${call.arrived_at ? shortTime(call.arrived_at, now) : '—'}`,
                )
                .join('；')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
