import { useQuery } from '@tanstack/react-query';
import { ruleCheckQuery, ruleDraftQuery } from '@yiwang/api/alarm-rule-api.ts';
import type { RuleDraftDetail } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Alert, Segmented } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useRef, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { useSettled } from '../../../parts/use-settled.ts';
import { Backtest } from '../backtest/backtest.tsx';
import { DraftBar } from './draft-bar.tsx';
import { DraftConflict } from './draft-conflict.tsx';
import { textAt } from './entry-fields.ts';
import { EntryForm } from './entry-form.tsx';
import type { TextPlace } from './entry-text.ts';
import { EntryTextField, type TextFieldHandle } from './entry-text-field.tsx';
import { Findings } from './findings.tsx';
import { useDraft } from './use-draft.ts';

const CHECK_MS = 500;
const VIEWS = ['form', 'text', 'backtest'] as const;
type View = (typeof VIEWS)[number];

export function DraftEditor({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(ruleDraftQuery(id));
  return (
    <Loaded query={query}>{(draft) => <Editor key={draft.id} first={draft} onClose={onClose} />}</Loaded>
  );
}

/** A rule as it is written: fields or text, what is found about it, and what it would have done. */
function Editor({ first, onClose }: { first: RuleDraftDetail; onClose: () => void }) {
  const t = useT();
  const { can } = useSigned();
  const draft = useDraft(first);
  const [view, setView] = useState<View>('form');
  const field = useRef<TextFieldHandle>(null);
  const { seen, read, text, theirs } = draft;
  const isOpen = seen.state === 'open';
  const mayEdit = isOpen && can('alerting.edit');
  const settled = useSettled(text, CHECK_MS);
  const check = useQuery(ruleCheckQuery(settled === text ? read.entry : undefined));
  const show = (place: TextPlace, length: number) => {
    setView('text');
    // The field may have to be drawn first.
    setTimeout(() => field.current?.select(place.offset, length));
  };
  const save = () => {
    if (mayEdit && draft.isDirty && read.entry) draft.save.mutate({ entry: read.entry, typed: text });
  };
  return (
    <section
      className="draft-editor"
      aria-label={t('rules.draft.title')}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
        event.preventDefault();
        save();
      }}
    >
      <DraftBar
        draft={draft}
        isRight={check.data?.is_right ?? seen.is_right}
        onSave={save}
        onClose={onClose}
      />
      {seen.is_outdated && isOpen && (
        <Alert type="warning" showIcon title={t('rules.draft.outdated', { version: seen.based_on ?? '—' })} />
      )}
      {theirs && <DraftConflict draft={draft} theirs={theirs} />}
      {!theirs && <ProblemNote fault={draft.save.error ?? draft.discard.error} />}
      <Segmented
        aria-label={t('rules.view.label')}
        value={view}
        onChange={setView}
        options={VIEWS.map((one) => ({ value: one, label: t(`rules.view.${one}`) }))}
      />
      {view === 'backtest' ? (
        <Backtest
          subject={read.entry && { entry: read.entry }}
          profile={textAt(read.entry, ['profile'])}
          entry={read.entry}
        />
      ) : (
        <div className="draft-split">
          <Panel scroll className="draft-entry">
            {view === 'text' && <EntryTextField ref={field} draft={draft} mayEdit={mayEdit} />}
            {view === 'form' && <EntryForm draft={draft} mayEdit={mayEdit} />}
          </Panel>
          <Findings read={read} check={check} isSettled={settled === text} onShow={show} />
        </div>
      )}
    </section>
  );
}
