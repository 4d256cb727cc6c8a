import { ApiProblem } from '@yiwang/api/client.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Said } from './said.tsx';

/** Why something was not done, with what is wrong in which field. What could not be read is `Fault`. */
export function ProblemNote({ fault, title }: { fault: unknown; title?: string }) {
  const t = useT();
  if (!fault) return null;
  const problem = fault instanceof ApiProblem ? fault.problem : undefined;
  const isForbidden = problem?.status === 403;
  return (
    <Alert
      type="error"
      showIcon
      title={title ?? t(isForbidden ? 'shell.states.forbidden' : 'shell.states.notDone')}
      description={
        <>
          <div>{String((fault as Error).message)}</div>
          {(problem?.fields ?? []).map(({ path, name, message }) => (
            <div key={`${path} ${message}`}>
              {name === path ? <span className="yw-mono">{path} </span> : `${name}：`}
              {message}
            </div>
          ))}
          <Said fault={fault} />
        </>
      }
    />
  );
}
