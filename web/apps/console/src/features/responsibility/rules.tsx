import { useInfiniteQuery } from '@tanstack/react-query';
import { rulesQuery } from '@yiwang/api/catalog-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Input } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { RuleTable } from './rule-table.tsx';

export function Rules() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useInfiniteQuery(rulesQuery(search.q ?? ''));
  const rules = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="tab-body">
      <Input.Search
        allowClear
        style={{ maxWidth: 360 }}
        aria-label={t('catalog.responsibility.search')}
        placeholder={t('catalog.responsibility.search')}
        defaultValue={search.q ?? ''}
        onSearch={(q) => setSearch({ q: q || undefined }, { replace: true })}
      />
      <Panel flush>
        <Loaded query={query}>{() => (rules.length === 0 ? <Empty /> : <RuleTable rules={rules} />)}</Loaded>
        {rules.length > 0 && <LoadMore count={rules.length} query={query} />}
      </Panel>
    </div>
  );
}
