import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { draftQuery, responsibilityApi } from '@yiwang/api/catalog-api.ts';
import type { ResponsibilityDraftDetail, ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { App, Button, Input, Segmented } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo, useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { DraftCheck, DraftDiff } from './draft-review.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleTable } from './rule-table.tsx';

type View = 'draftRules' | 'draftDiff' | 'draftCheck';
const VIEWS: readonly View[] = ['draftRules', 'draftDiff', 'draftCheck'];

export function DraftEditor({ id }: { id: string }) {
  const query = useQuery(draftQuery(id));
  // Out here, as what was chosen while a saved draft comes back is chosen in its next version too.
  const [view, setView] = useState<View>('draftRules');
  return (
    <Loaded query={query}>
      {(draft) => <Editor key={draft.version} draft={draft} view={view} onView={setView} />}
    </Loaded>
  );
}

interface EditorProps {
  draft: ResponsibilityDraftDetail;
  view: View;
  onView: (view: View) => void;
}

function Editor({ draft, view, onView }: EditorProps) {
  const t = useT();
  const { can } = useSigned();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [rules, setRules] = useState<ResponsibilityRule[]>(draft.rules);
  const [dirty, setDirty] = useState(false);
  const [isPublishing, setPublishing] = useState(false);
  const write = useMutation({
    mutationFn: (send: () => Promise<unknown>) => send(),
    onSuccess: async () => {
      setDirty(false);
      void message.success(t('catalog.responsibility.saved'));
      await client.invalidateQueries({ queryKey: ['responsibility', 'draft', draft.id] });
      await client.invalidateQueries({ queryKey: ['responsibility', 'drafts'] });
    },
    onError: (fault) => void message.error(fault.message),
  });
  const change = (next: ResponsibilityRule[]) => {
    setRules(next);
    setDirty(true);
  };
  const isOpen = draft.state === 'open';
  const mayEdit = isOpen && can('responsibility.edit');

  return (
    <Panel
      title={draft.title}
      extra={
        <>
          {draft.base < draft.latest && mayEdit && (
            <Button
              danger
              disabled={dirty}
              title={t('catalog.responsibility.outdated', { base: draft.base, latest: draft.latest })}
              onClick={() => write.mutate(() => responsibilityApi.rebaseDraft(draft))}
            >
              {t('catalog.responsibility.rebase', { latest: draft.latest })}
            </Button>
          )}
          {dirty && <span className="yw-dim">{t('catalog.responsibility.unsaved')}</span>}
          <Segmented
            value={view}
            onChange={onView}
            options={VIEWS.map((one) => ({ value: one, label: t(`catalog.responsibility.${one}`) }))}
          />
          {mayEdit && (
            <Button
              type={dirty ? 'primary' : 'default'}
              disabled={!dirty}
              loading={write.isPending}
              onClick={() => write.mutate(() => responsibilityApi.saveDraft(draft, rules))}
            >
              {t('shell.common.save')}
            </Button>
          )}
          {isOpen && can('responsibility.publish') && (
            <Button disabled={dirty} onClick={() => setPublishing(true)}>
              {t('catalog.responsibility.publish')}
            </Button>
          )}
        </>
      }
    >
      {view === 'draftRules' && <EditableRules rules={rules} onChange={change} mayEdit={mayEdit} />}
      {view === 'draftDiff' && <DraftDiff id={draft.id} />}
      {view === 'draftCheck' && <DraftCheck id={draft.id} />}
      {isPublishing && <PublishDialog draft={draft} onClose={() => setPublishing(false)} />}
    </Panel>
  );
}

interface EditableProps {
  rules: ResponsibilityRule[];
  onChange: (rules: ResponsibilityRule[]) => void;
  mayEdit: boolean;
}

const SHOWN_MAX = 300;

function EditableRules({ rules, onChange, mayEdit }: EditableProps) {
  const t = useT();
  const [q, setQ] = useState('');
  const [editing, setEditing] = useState<ResponsibilityRule | 'new'>();
  const shown = useMemo(
    () =>
      rules
        .filter((rule) => JSON.stringify(rule).toLowerCase().includes(q.toLowerCase()))
        .slice(0, SHOWN_MAX),
    [rules, q],
  );
  const put = (rule: ResponsibilityRule) => {
    const old = editing === 'new' ? undefined : editing?.id;
    onChange(old ? rules.map((one) => (one.id === old ? rule : one)) : [rule, ...rules]);
    setEditing(undefined);
  };
  return (
    <div className="tab-body">
      <div className="toolbar">
        <Input
          type="search"
          style={{ maxWidth: 300 }}
          aria-label={t('catalog.responsibility.search')}
          placeholder={t('catalog.responsibility.search')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        <span className="yw-dim">{t('shell.common.count', { count: rules.length })}</span>
        <span className="page-gap" />
        {mayEdit && <Button onClick={() => setEditing('new')}>{t('catalog.responsibility.addRule')}</Button>}
      </div>
      <RuleTable
        rules={shown}
        {...(mayEdit
          ? {
              extra: {
                key: 'edit',
                title: '',
                width: '112px',
                render: (rule: ResponsibilityRule) => (
                  <>
                    <Button size="small" type="link" onClick={() => setEditing(rule)}>
                      {t('shell.common.edit')}
                    </Button>
                    <Button
                      size="small"
                      type="link"
                      danger
                      onClick={() => onChange(rules.filter((one) => one.id !== rule.id))}
                    >
                      {t('shell.common.remove')}
                    </Button>
                  </>
                ),
              },
            }
          : {})}
      />
      {editing && (
        <RuleDialog
          {...(editing === 'new' ? {} : { rule: editing })}
          taken={rules.map((rule) => rule.id)}
          onSave={put}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  );
}
