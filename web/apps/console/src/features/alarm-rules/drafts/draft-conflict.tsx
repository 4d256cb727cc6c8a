import type { RuleDraftDetail } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { writeEntry } from './entry-text.ts';
import type { DraftInHand } from './use-draft.ts';

/** Somebody else was faster: what they left, and the choice between it and one's own. */
export function DraftConflict({ draft, theirs }: { draft: DraftInHand; theirs: RuleDraftDetail }) {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.conflict.${key}`, values);
  return (
    <Alert
      type="warning"
      showIcon
      title={word('title', { name: theirs.updated_by, time: dayTime(theirs.updated_at) })}
      description={
        <>
          <div>{theirs.state === 'open' ? word('hint') : word(theirs.state)}</div>
          <details>
            <summary>{word('theirs')}</summary>
            <pre className="rule-text yw-mono">{writeEntry(theirs.entry, 'yaml')}</pre>
          </details>
          <div className="toolbar">
            <Button size="small" onClick={() => draft.takeTheirs(theirs)}>
              {word('take')}
            </Button>
            {theirs.state === 'open' && (
              <Button size="small" onClick={() => draft.keepMine(theirs)}>
                {word('keep')}
              </Button>
            )}
          </div>
        </>
      }
    />
  );
}
