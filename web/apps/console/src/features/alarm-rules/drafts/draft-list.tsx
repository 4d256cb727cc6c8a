import { useInfiniteQuery } from '@tanstack/react-query';
import { ruleDraftsQuery } from '@yiwang/api/alarm-rule-api.ts';
import type { RuleDraft, RuleDraftState } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { Segmented } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { LoadMore } from '../../../parts/load-more.tsx';

export const DRAFT_TONES: Record<RuleDraftState, Tone> = {
  open: 'accent',
  published: 'green',
  discarded: 'plain',
};
const STATES = ['open', 'published', 'discarded', 'all'] as const;

export function DraftList() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.state) ?? 'open';
  const query = useInfiniteQuery(ruleDraftsQuery({ state: state === 'all' ? undefined : state }));
  const drafts = query.data?.pages.flatMap((page) => page.items) ?? [];
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.draft.${key}`, values);
  const columns: GridColumn<RuleDraft>[] = [
    {
      key: 'code',
      title: word('code'),
      render: (draft) => <strong className="yw-mono">{draft.code || word('noCode')}</strong>,
    },
    {
      key: 'state',
      title: word('state'),
      width: '110px',
      render: (draft) => <Chip tone={DRAFT_TONES[draft.state]}>{word(`states.${draft.state}`)}</Chip>,
    },
    {
      key: 'based',
      title: word('based'),
      width: '20%',
      render: (draft) => (
        <>
          {draft.based_on == null ? word('fromNothing') : word('basedOn', { version: draft.based_on })}
          {draft.published != null && (
            <span className="cell-two">{word('became', { version: draft.published })}</span>
          )}
        </>
      ),
    },
    {
      key: 'updated',
      title: word('updated'),
      width: '26%',
      render: (draft) => `${dayTime(draft.updated_at)} ${draft.updated_by}`,
    },
  ];
  return (
    <>
      <div className="page-head">
        <Segmented
          aria-label={word('state')}
          value={state}
          onChange={(next) => setSearch({ state: next === 'open' ? undefined : next }, { replace: true })}
          options={STATES.map((one) => ({ value: one, label: word(`states.${one}`) }))}
        />
      </div>
      <Panel flush scroll>
        <Loaded query={query}>
          {() =>
            drafts.length === 0 ? (
              <Empty text={word('none')} hint={word('noneHint')} />
            ) : (
              <>
                <GridTable
                  label={word('title')}
                  columns={columns}
                  rows={drafts}
                  rowKey={(draft) => draft.id}
                  isDim={(draft) => draft.state === 'discarded'}
                  onPick={(draft) => setSearch({ draft: draft.id })}
                />
                <LoadMore count={drafts.length} query={query} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
