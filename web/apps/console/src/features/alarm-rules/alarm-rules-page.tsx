import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Segmented } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { Boundary, Forbidden, Loading } from '@yiwang/ui/states.tsx';
import { lazy, Suspense } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { RulesInForce } from './rules-in-force.tsx';
import { useNewDraft } from './use-new-draft.ts';
import './alarm-rules.css';

const Drafts = lazy(() => import('./drafts/drafts.tsx'));
const RuleBacktest = lazy(() => import('./backtest/rule-backtest.tsx'));

/** The rules in force, what is being written, and what either would have done. */
export default function AlarmRulesPage() {
  const t = useT();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  const begin = useNewDraft();
  const maySeeDrafts = can('alerting.edit') || can('alerting.publish');
  const tab = search.tab === 'drafts' || search.tab === 'backtest' ? search.tab : 'rules';
  const tabs = ['rules', 'drafts', ...(tab === 'backtest' ? ['backtest'] : [])];
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('alerting.rules.title')}</h2>
        {maySeeDrafts && (
          <Segmented
            aria-label={t('rules.tab.label')}
            value={tab}
            onChange={(next) =>
              setSearch({ tab: next === 'rules' ? undefined : String(next), draft: undefined })
            }
            options={tabs.map((one) => ({ value: one, label: t(`rules.tab.${one}`) }))}
          />
        )}
        <span className="yw-dim">{t('alerting.rules.hint')}</span>
        <span className="page-gap" />
        {can('alerting.edit') && !search.draft && (
          <Button icon={<PlusOutlined />} loading={begin.isPending} onClick={() => begin.mutate({})}>
            {t('rules.draft.blank')}
          </Button>
        )}
      </div>
      <Boundary resetKey={tab}>
        <Suspense fallback={<Loading />}>
          {tab === 'rules' && <RulesInForce />}
          {tab !== 'rules' && !maySeeDrafts && <Forbidden />}
          {tab === 'drafts' && maySeeDrafts && <Drafts />}
          {tab === 'backtest' && maySeeDrafts && <RuleBacktest />}
        </Suspense>
      </Boundary>
    </div>
  );
}
