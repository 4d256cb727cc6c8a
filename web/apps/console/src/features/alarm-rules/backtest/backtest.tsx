import { useMutation } from '@tanstack/react-query';
import { alarmRuleApi } from '@yiwang/api/alarm-rule-api.ts';
import { ApiProblem } from '@yiwang/api/client.ts';
import type { BacktestRequest, RuleEntryText, RuleFinding } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loading } from '@yiwang/ui/states.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { BacktestAnswerView } from './answer.tsx';
import { BacktestForm } from './backtest-form.tsx';
import './backtest.css';

export type BacktestSubject = Pick<BacktestRequest, 'entry' | 'rule' | 'version'>;

interface BacktestProps {
  /** Nothing where the text cannot be read. */
  subject: BacktestSubject | undefined;
  profile: string;
  entry: RuleEntryText | undefined;
}

/** The code that judges live, run over stored history: when it would have raised alarms, and how well that fits. */
export function Backtest({ subject, profile, entry }: BacktestProps) {
  const t = useT();
  const run = useMutation({ mutationFn: (body: BacktestRequest) => alarmRuleApi.backtest(body) });
  const uses = usesOf(entry);
  return (
    <div className="backtest">
      <Panel title={t('rules.backtest.title')} scroll>
        {subject ? (
          <BacktestForm
            profile={profile}
            isRunning={run.isPending}
            onRun={(asked) => run.mutate({ ...subject, ...asked })}
          />
        ) : (
          <Alert type="warning" showIcon title={t('rules.form.unreadable')} />
        )}
      </Panel>
      <Panel title={t('rules.backtest.answer')} scroll>
        {run.isPending && <Loading />}
        {!run.isPending && <Refused fault={run.error} />}
        {run.isIdle && <Empty text={t('rules.backtest.idle')} hint={t('rules.backtest.idleHint')} />}
        {run.data && !run.isPending && (
          <BacktestAnswerView key={run.submittedAt} answer={run.data} profile={profile} uses={uses} />
        )}
      </Panel>
    </div>
  );
}

function usesOf(entry: RuleEntryText | undefined): string[] {
  const uses = (entry?.rule as { uses?: unknown } | undefined)?.uses;
  return Array.isArray(uses) ? uses.map(String) : [];
}

/** A rule with errors is not run; what is wrong with it is said in full. */
function Refused({ fault }: { fault: unknown }) {
  const t = useT();
  if (!(fault instanceof ApiProblem)) return null;
  if (fault.code === 'alerting.busy')
    return <Alert type="warning" showIcon title={t('rules.backtest.busy')} />;
  if (fault.code !== 'alerting.faulty') return <ProblemNote fault={fault} />;
  const { findings = [] } = (fault.problem.data ?? {}) as { findings?: RuleFinding[] };
  return (
    <Alert
      type="error"
      showIcon
      title={t('rules.draft.faulty')}
      description={findings.map((one) => (
        <div key={`${one.pointer} ${one.message}`}>
          <span className="yw-mono">{one.pointer}</span> {one.message} {one.hint}
        </div>
      ))}
    />
  );
}
