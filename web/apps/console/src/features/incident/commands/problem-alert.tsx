import { ApiProblem } from '@yiwang/api/client.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { isConflict } from './use-command.ts';

interface Changed {
  name?: string;
  by?: string | { name?: string };
  actor?: { name?: string };
  command?: string;
  at?: string;
}

/** Who changed the case, from whatever form the conflict tells it in. */
function changeIn(data: unknown): Changed | undefined {
  if (!data || typeof data !== 'object') return undefined;
  const holder = data as { changes?: Changed[]; last?: Changed } & Changed;
  return holder.changes?.at(-1) ?? holder.last ?? holder;
}

const nameIn = (change: Changed): string | undefined =>
  change.actor?.name ?? (typeof change.by === 'object' ? change.by.name : change.by) ?? change.name;

/** Why the command was not taken. */
export function ProblemAlert({ fault, command }: { fault: unknown; command: string }) {
  const t = useT();
  const term = useTerm();
  if (!(fault instanceof ApiProblem)) return null;
  if (isConflict(fault)) {
    const change = changeIn(fault.problem.data);
    const name = change && nameIn(change);
    const words = change?.command
      ? t('incident.conflictBy', {
          name,
          time: shortTime(change.at, Date.now()),
          command: t(`command.name.${change.command}`),
        })
      : t('incident.conflictPlain');
    return <Alert type="warning" showIcon title={t('incident.conflict')} description={words} />;
  }
  const fields = (fault.problem.fields ?? []).map((field) => {
    const key = field.path.replace(/^\//, '').split(/[./]/)[0] ?? '';
    return `${t(`command.field.${key}`)}：${field.message}`;
  });
  const data = fault.problem.data as { kinds?: string[] } | undefined;
  const kinds = data?.kinds?.map((kind) => term('evidence', kind)).join('、');
  return (
    <Alert
      type="error"
      showIcon
      title={t('command.failed', { command: t(`command.name.${command}`) })}
      description={
        <>
          {fault.code === 'network' ? t('shell.states.network') : fault.message}
          {kinds && <div>{t('command.hint.evidenceNeeded', { kinds })}</div>}
          {fields.map((words) => (
            <div key={words}>{words}</div>
          ))}
        </>
      }
    />
  );
}
