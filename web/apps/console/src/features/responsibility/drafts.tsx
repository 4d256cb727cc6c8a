import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { draftsQuery, responsibilityApi } from '@yiwang/api/catalog-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { App, Input } from '@yiwang/ui/controls.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { DraftEditor } from './draft-editor.tsx';

export function Drafts() {
  const t = useT();
  const { can } = useSigned();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const drafts = useQuery(draftsQuery);
  const create = useMutation({
    mutationFn: (title: string) => responsibilityApi.createDraft(title),
    onSuccess: async (draft) => {
      await client.invalidateQueries({ queryKey: draftsQuery.queryKey });
      setSearch({ draft: draft.id });
    },
    onError: (fault) => void message.error(fault.message),
  });
  return (
    <div className="drafts-split">
      <div className="draft-list">
        {can('responsibility.edit') && (
          <Input.Search
            aria-label={t('catalog.responsibility.draftTitle')}
            placeholder={t('catalog.responsibility.draftTitle')}
            enterButton={t('catalog.responsibility.newDraft')}
            loading={create.isPending}
            maxLength={100}
            onSearch={(title) => title.trim() && create.mutate(title.trim())}
          />
        )}
        <Loaded query={drafts}>
          {(list) => (
            <>
              {list.length === 0 && <Empty text={t('catalog.responsibility.noDrafts')} />}
              {list.map((draft) => (
                <button
                  key={draft.id}
                  type="button"
                  aria-pressed={search.draft === draft.id}
                  onClick={() => setSearch({ draft: draft.id })}
                >
                  <strong>{draft.title}</strong>
                  <span className="yw-dim">
                    {t(`catalog.responsibility.state.${draft.state}`)} · {draft.updated_by} ·{' '}
                    {fullTime(draft.updated_at)}
                  </span>
                </button>
              ))}
            </>
          )}
        </Loaded>
      </div>
      {search.draft && <DraftEditor key={search.draft} id={search.draft} />}
    </div>
  );
}
