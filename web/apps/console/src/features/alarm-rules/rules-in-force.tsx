import { useQuery } from '@tanstack/react-query';
import { alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SideSplit } from '../../parts/side-pane.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { RulePane } from './rule-pane.tsx';
import { RuleTable } from './rule-table.tsx';

/** The rules in force: for what, from when, and how often they were right. */
export function RulesInForce() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(alarmRulesQuery);
  const rows = useMemo(() => query.data?.map((rule) => ({ ...rule, id: rule.rule.id })) ?? [], [query.data]);
  const choose = (rule: string | undefined) => setSearch({ rule, version: undefined }, { replace: true });
  useRowKeys(rows, search.rule, choose);
  return (
    <SideSplit
      pane={
        search.rule && <RulePane key={search.rule} code={search.rule} onClose={() => choose(undefined)} />
      }
    >
      <Panel flush scroll>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty text={t('alerting.rules.none')} />
            ) : (
              <RuleTable
                rules={rows}
                selected={search.rule}
                isNarrow={Boolean(search.rule)}
                onPick={(rule) => choose(rule.rule.id)}
              />
            )
          }
        </Loaded>
      </Panel>
    </SideSplit>
  );
}
