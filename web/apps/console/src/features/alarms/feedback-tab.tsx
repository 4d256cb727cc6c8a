import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { feedbackQuery } from '@yiwang/api/quiet-api.ts';
import type { Feedback } from '@yiwang/api/types/quiet.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Input, Select } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';

/** How often the alarms of each rule and device were found true and false. */
export function FeedbackTab() {
  const t = useT();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const { data: rules = [] } = useQuery(alarmRulesQuery);
  const query = useInfiniteQuery(feedbackQuery({ rule: search.rule, device: search.device }));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const word = (key: string) => t(`quiet.feedback.${key}`);
  const ruleName = (row: Feedback) =>
    text(rules.find((one) => one.rule.id === row.rule)?.rule.name) || row.rule_name;
  const columns: GridColumn<Feedback>[] = [
    {
      key: 'rule',
      title: word('rule'),
      render: (row) => (
        <>
          <Link to="/alarm-rules" search={{ rule: row.rule }}>
            {ruleName(row)}
          </Link>
          <span className="cell-two yw-mono">{row.rule}</span>
        </>
      ),
    },
    {
      key: 'device',
      title: word('device'),
      width: '26%',
      render: (row) => (
        <>
          {row.device_name}
          <span className="cell-two yw-mono">{row.device}</span>
        </>
      ),
    },
    {
      key: 'alarms',
      title: word('alarms'),
      width: '90px',
      align: 'right',
      render: (row) => (
        <Link to="/alarms" search={{ phase: 'all', rule: row.rule, device: row.device }}>
          {row.alarms}
        </Link>
      ),
    },
    { key: 'true', title: word('true'), width: '80px', align: 'right', render: (row) => row.found_true },
    { key: 'false', title: word('false'), width: '80px', align: 'right', render: (row) => row.found_false },
    {
      key: 'precision',
      title: <span title={word('precisionHint')}>{word('precision')}</span>,
      width: '110px',
      align: 'right',
      render: (row) =>
        typeof row.precision === 'number' ? (
          <strong>{`${Math.round(row.precision * 100)}%`}</strong>
        ) : (
          <span className="yw-dim">{word('notJudged')}</span>
        ),
    },
    { key: 'last', title: word('last'), width: '130px', render: (row) => dayTime(row.last_at) },
  ];
  return (
    <>
      <div className="page-head">
        <Select
          allowClear
          style={{ width: 260 }}
          aria-label={word('rule')}
          placeholder={word('anyRule')}
          value={search.rule ?? null}
          onChange={(rule: string | null) => setSearch({ rule: rule ?? undefined }, { replace: true })}
          showSearch={{ optionFilterProp: 'label' }}
          options={rules.map(({ rule }) => ({ value: rule.id, label: `${text(rule.name)} ${rule.id}` }))}
        />
        <Input.Search
          allowClear
          style={{ width: 220 }}
          key={search.device ?? ''}
          aria-label={word('deviceCode')}
          placeholder={word('deviceCode')}
          defaultValue={search.device ?? ''}
          onSearch={(device) => setSearch({ device: device.trim() || undefined }, { replace: true })}
        />
        <span className="yw-dim">{word('hint')}</span>
      </div>
      <Panel flush scroll>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty text={word('none')} />
            ) : (
              <>
                <GridTable
                  label={word('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(row) => `${row.rule} ${row.device}`}
                />
                <LoadMore count={rows.length} query={query} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
