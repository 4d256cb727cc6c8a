import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { isConflict } from './use-fence-changes.ts';

interface FaultProps {
  fault: unknown;
  onReload: () => void;
  onMine: () => void;
}

/** Why it was not saved; where somebody else was faster, the two ways on. */
export function FenceFault({ fault, onReload, onMine }: FaultProps) {
  const t = useT();
  if (!isConflict(fault)) return <ProblemNote fault={fault} title={t('map.fences.failed')} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('map.fences.conflict')}
      description={
        <>
          <p>{t('map.fences.conflictHint')}</p>
          <div className="toolbar">
            <Button size="small" onClick={onReload}>
              {t('map.fences.reload')}
            </Button>
            <Button size="small" danger onClick={onMine}>
              {t('map.fences.mine')}
            </Button>
          </div>
        </>
      }
    />
  );
}
