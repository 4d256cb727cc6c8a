import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@yiwang/api/client.ts';
import type { IndicatorDetail } from '@yiwang/api/types/vitals.ts';
import { vitalKeys, vitalsApi } from '@yiwang/api/vitals-api.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { dayTime, instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { useState } from 'react';
import { ProblemNote } from '../../parts/problem-note.tsx';

const DAY_MS = 86_400_000;
const DAYS_MAX = 40;
const OF_RECOMPUTE = 'vitals.recompute.';

/** Formulas of which nothing is kept that the past could be computed from. */
const WITHOUT_PAST = ['devices', 'feeds'] as const;

/** Computes the last days again, each instant by the version then in force. It takes two strokes. */
export function RecomputePanel({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const { formula } = detail.entry;
  const kind = formula ? WITHOUT_PAST.find((one) => one in formula) : 'waiting';
  return (
    <Panel title={t('vitals.recompute.title')}>
      {kind ? (
        <p className="vitals-note yw-dim">{t(`vitals.recompute.none.${kind}`)}</p>
      ) : (
        <Recompute code={detail.code} />
      )}
    </Panel>
  );
}

function Recompute({ code }: { code: string }) {
  const t = useT();
  const client = useQueryClient();
  const [from, setFrom] = useState(() => localOf(Date.now() - 7 * DAY_MS));
  const [isArmed, setArmed] = useState(false);
  const send = useMutation({
    mutationFn: (at: string) => vitalsApi.recompute(code, at),
    onSuccess: () => client.invalidateQueries({ queryKey: vitalKeys.one(code) }),
  });
  const at = from ? Date.parse(instantOf(from)) : Number.NaN;
  const isWithin = at < Date.now() && at >= Date.now() - DAYS_MAX * DAY_MS;
  const press = () => {
    if (send.isPending) return;
    if (!isArmed) return setArmed(true);
    setArmed(false);
    send.mutate(instantOf(from));
  };
  return (
    <>
      <p className="vitals-note yw-dim">{t('vitals.recompute.hint', { days: DAYS_MAX })}</p>
      <div className="toolbar">
        <span className="filter-date">
          {t('vitals.recompute.from')}
          <DateField
            withTime
            label={t('vitals.recompute.from')}
            value={from}
            onChange={(next) => {
              setFrom(next);
              setArmed(false);
            }}
          />
        </span>
        <Button danger={isArmed} disabled={!isWithin} loading={send.isPending} onClick={press}>
          {t(isArmed ? 'shell.common.confirmAgain' : 'vitals.recompute.do')}
        </Button>
      </div>
      {from && !isWithin && <p role="alert">{t('vitals.recompute.outside', { days: DAYS_MAX })}</p>}
      <Refused fault={send.error} />
      {send.data && (
        <Alert
          type="success"
          showIcon
          title={t('vitals.recompute.done', { count: send.data.values, time: dayTime(send.data.from) })}
          description={t('vitals.recompute.versions', { list: send.data.versions.join('、') || '—' })}
        />
      )}
    </>
  );
}

/** What was too much, in words; what the server says of anything else. */
function Refused({ fault }: { fault: unknown }) {
  const t = useT();
  const known = useKnown();
  const field = fault instanceof ApiProblem ? fault.problem.fields?.[0] : undefined;
  const word = field?.code?.startsWith(OF_RECOMPUTE) ? field.code.slice(OF_RECOMPUTE.length) : undefined;
  if (!word) return <ProblemNote fault={fault} title={t('vitals.recompute.refused')} />;
  return (
    <Alert
      type="error"
      showIcon
      title={t('vitals.recompute.refused')}
      description={known('vitals.recompute.fault', word)}
    />
  );
}
