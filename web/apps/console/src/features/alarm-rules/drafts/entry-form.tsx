import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { EntryCase } from './entry-case.tsx';
import { EntryClear } from './entry-clear.tsx';
import { type EntryPath, put } from './entry-fields.ts';
import { EntryLevels } from './entry-levels.tsx';
import { EntryNames } from './entry-names.tsx';
import { EntryParams } from './entry-params.tsx';
import { FieldContext } from './field-context.ts';
import type { DraftInHand } from './use-draft.ts';

/** The usual fields. What they do not know stays in the text as it is. */
export function EntryForm({ draft, mayEdit }: { draft: DraftInHand; mayEdit: boolean }) {
  const t = useT();
  const { entry } = draft.read;
  if (!entry) return <Alert type="warning" showIcon title={t('rules.form.unreadable')} />;
  const change = (path: EntryPath, value: unknown) => draft.setEntry(put(entry, path, value));
  return (
    <FieldContext.Provider value={{ entry, change, mayEdit }}>
      <div className="entry-form">
        <EntryNames isBegun={draft.seen.based_on != null} />
        <EntryLevels />
        <EntryClear />
        <EntryParams />
        <EntryCase />
        <p className="yw-dim">{t('rules.form.rest')}</p>
      </div>
    </FieldContext.Provider>
  );
}
