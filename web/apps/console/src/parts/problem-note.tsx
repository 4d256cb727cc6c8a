import { ApiProblem } from '@yiwang/api/client.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';

/** Why something was not done, with what is wrong in which field. What could not be read is `Fault`. */
export function ProblemNote({ fault, title }: { fault: unknown; title?: string }) {
  const t = useT();
  if (!fault) return null;
  const isProblem = fault instanceof ApiProblem;
  const text =
    isProblem && fault.code === 'network' ? t('shell.states.network') : String((fault as Error).message);
  const fields = isProblem ? (fault.problem.fields ?? []) : [];
  return (
    <Alert
      type="error"
      showIcon
      title={
        title ?? (isProblem && fault.status === 403 ? t('shell.states.forbidden') : t('shell.states.notDone'))
      }
      description={
        <>
          <div>{text}</div>
          {fields.map((field) => (
            <div key={`${field.path} ${field.message}`}>
              <span className="yw-mono">{field.path}</span> {field.message}
            </div>
          ))}
        </>
      }
    />
  );
}
