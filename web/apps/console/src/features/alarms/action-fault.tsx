import { ApiProblem } from '@yiwang/api/client.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { Said } from '../../parts/said.tsx';
import { isConflict } from './use-alarm-action.ts';

/** Why an action was not taken. */
export function ActionFault({ fault }: { fault: unknown }) {
  const t = useT();
  if (!(fault instanceof ApiProblem)) return null;
  if (isConflict(fault))
    return (
      <Alert
        type="warning"
        showIcon
        title={t('alerting.act.conflict')}
        description={t('alerting.act.conflictHint')}
      />
    );
  const words = (fault.problem.fields ?? []).map((field) => field.message);
  return (
    <Alert
      type="error"
      showIcon
      title={t('alerting.act.failed')}
      description={
        <>
          {[fault.message, ...words].join(' · ')}
          <Said fault={fault} />
        </>
      }
    />
  );
}
