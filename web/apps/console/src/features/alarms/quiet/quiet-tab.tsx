import { useInfiniteQuery } from '@tanstack/react-query';
import { type QuietKind, quietQuery } from '@yiwang/api/quiet-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Segmented } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { LoadMore } from '../../../parts/load-more.tsx';
import { QuietDialog } from './quiet-dialog.tsx';
import { QuietTable } from './quiet-table.tsx';

const OVER = ['no', 'yes', 'all'] as const;

/** Maintenance windows, or shelves of rules and devices: what is kept quiet, since when, until when, and why. */
export function QuietTab({ kind }: { kind: QuietKind }) {
  const t = useT();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  const [isMaking, setMaking] = useState(false);
  const over = OVER.find((one) => one === search.over) ?? 'no';
  const query = useInfiniteQuery(quietQuery(kind, over === 'all' ? undefined : over === 'yes'));
  const windows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const word = (key: string) => t(`quiet.${kind}.${key}`);
  return (
    <>
      <div className="page-head">
        <Segmented
          aria-label={t('quiet.over.label')}
          value={over}
          onChange={(next) => setSearch({ over: next === 'no' ? undefined : next }, { replace: true })}
          options={OVER.map((one) => ({ value: one, label: t(`quiet.over.${one}`) }))}
        />
        <span className="yw-dim">{word('hint')}</span>
        <span className="page-gap" />
        {can('alerting.handle') && (
          <Button icon={<PlusOutlined />} onClick={() => setMaking(true)}>
            {word('make')}
          </Button>
        )}
      </div>
      <Panel flush scroll>
        <Loaded query={query}>
          {() =>
            windows.length === 0 ? (
              <Empty text={word('none')} />
            ) : (
              <>
                <QuietTable kind={kind} windows={windows} />
                <LoadMore count={windows.length} query={query} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {isMaking && <QuietDialog kind={kind} onClose={() => setMaking(false)} />}
    </>
  );
}
