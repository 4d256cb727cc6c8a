import { ApiProblem } from '@yiwang/api/client.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Said } from '../../../parts/said.tsx';
import { isConflict } from './use-command.ts';

interface Change {
  at: string;
  by: string;
  command: string;
}

/** The latest change of those that a conflict tells of. */
function latestIn(data: unknown): Change | undefined {
  const { changes = [] } = (data ?? {}) as { changes?: Change[] };
  return changes.reduce<Change | undefined>(
    (last, one) => (last && last.at >= one.at ? last : one),
    undefined,
  );
}

/** Why the command was not taken. */
export function ProblemAlert({ fault, command }: { fault: unknown; command: string }) {
  const t = useT();
  const term = useTerm();
  if (!(fault instanceof ApiProblem)) return null;
  if (isConflict(fault)) {
    const change = latestIn(fault.problem.data);
    const words = change
      ? t('incident.conflictBy', {
          name: change.by,
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
          {fault.message}
          {kinds && <div>{t('command.hint.evidenceNeeded', { kinds })}</div>}
          {fields.map((words) => (
            <div key={words}>{words}</div>
          ))}
          <Said fault={fault} />
        </>
      }
    />
  );
}
