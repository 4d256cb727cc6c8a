import { useT } from '@yiwang/i18n/i18n.ts';
import { Tabs } from '@yiwang/ui/controls.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { Drafts } from './drafts.tsx';
import { Faults } from './faults.tsx';
import { Resolve } from './resolve.tsx';
import { Rules } from './rules.tsx';
import './responsibility.css';

/** For every item and place, one lead: the rules, the answer, what is wrong with them, and their revision. */
export default function ResponsibilityPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const tab = search.tab ?? 'rules';
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('catalog.responsibility.title')}</h2>
      </div>
      <Tabs
        className="fill-tabs"
        size="small"
        activeKey={tab}
        onChange={(next) => setSearch({ tab: next === 'rules' ? undefined : next, draft: undefined })}
        destroyOnHidden
        items={[
          { key: 'rules', label: t('catalog.responsibility.tabRules'), children: <Rules /> },
          { key: 'resolve', label: t('catalog.responsibility.tabResolve'), children: <Resolve /> },
          { key: 'faults', label: t('catalog.responsibility.tabFaults'), children: <Faults /> },
          { key: 'drafts', label: t('catalog.responsibility.tabDrafts'), children: <Drafts /> },
        ]}
      />
    </div>
  );
}
