import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { adminApi, auditQuery } from '@yiwang/api/admin-api.ts';
import type { AuditRow } from '@yiwang/api/types/admin.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Alert, Button, Input } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import type { Search } from '../../app/router.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';

const DAY_MS = 86_400_000;
const dayOf = (date: string | undefined, days = 0) =>
  date ? new Date(Date.parse(`${date}T00:00:00+08:00`) + days * DAY_MS).toISOString() : undefined;

/** What was done by whom, from where, to what; kept so that nobody can change it unseen. */
export default function AuditPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const { q, action, object, from, until } = search;
  const query = useInfiniteQuery(
    auditQuery({ q, action, object, from: dayOf(from), until: dayOf(until, 1) }),
  );
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('admin.audit.title')}</h2>
        <span className="page-gap" />
        <Verify />
      </div>
      <Filters search={search} onChange={(change) => setSearch(change, { replace: true })} />
      <Panel flush scroll>
        <Loaded query={query}>{() => (rows.length === 0 ? <Empty /> : <AuditTable rows={rows} />)}</Loaded>
        {rows.length > 0 && <LoadMore count={rows.length} query={query} />}
      </Panel>
    </div>
  );
}

function Filters({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  const t = useT();
  return (
    <div className="page-head">
      <Input.Search
        allowClear
        style={{ width: 220 }}
        aria-label={t('admin.audit.search')}
        placeholder={t('admin.audit.search')}
        defaultValue={search.q ?? ''}
        onSearch={(q) => onChange({ q: q || undefined })}
      />
      {(['action', 'object'] as const).map((key) => (
        <Input
          key={key}
          allowClear
          style={{ width: 180 }}
          aria-label={t(`admin.audit.${key}`)}
          placeholder={t(`admin.audit.${key}`)}
          defaultValue={search[key] ?? ''}
          onPressEnter={(event) => onChange({ [key]: event.currentTarget.value || undefined })}
          onBlur={(event) => onChange({ [key]: event.currentTarget.value || undefined })}
        />
      ))}
      {(['from', 'until'] as const).map((key) => (
        <span key={key} className="filter-date">
          {t(`admin.audit.${key}`)}
          <DateField
            label={t(`admin.audit.${key}`)}
            value={search[key]}
            onChange={(date) => onChange({ [key]: date || undefined })}
          />
        </span>
      ))}
    </div>
  );
}

const WORD_MAX = 24;

/** The detail as `name: value` pairs; long values are cut, the log itself has them whole. */
function detailWords(detail: unknown): string {
  if (!detail || typeof detail !== 'object') return String(detail ?? '');
  const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(detail)
    .map(([name, value]) => [name, said(value)] as const)
    .map(([name, text]) => `${name}: ${text.length > WORD_MAX ? `${text.slice(0, WORD_MAX)}…` : text}`)
    .join(' · ');
}

const OUTCOMES: Record<string, 'green' | 'orange' | 'red'> = {
  done: 'green',
  refused: 'orange',
  failed: 'red',
};

function AuditTable({ rows }: { rows: AuditRow[] }) {
  const t = useT();
  const known = useKnown();
  const word = (key: string) => t(`admin.audit.${key}`);
  const columns: GridColumn<AuditRow>[] = [
    { key: 'seq', title: word('seq'), width: '80px', align: 'right', render: (row) => row.seq },
    { key: 'at', title: word('time'), width: '160px', render: (row) => fullTime(row.at) },
    { key: 'user', title: word('user'), width: '120px', render: (row) => row.user_name },
    {
      key: 'action',
      title: word('action'),
      width: '130px',
      render: (row) => <span title={row.action}>{known('admin.audit.actions', row.action)}</span>,
    },
    {
      key: 'object',
      title: word('object'),
      width: '190px',
      render: (row) => <AuditObject name={row.object} />,
    },
    {
      key: 'outcome',
      title: word('outcome'),
      width: '84px',
      render: (row) => (
        <Chip tone={OUTCOMES[row.outcome] ?? 'plain'}>{t(`admin.audit.outcomes.${row.outcome}`)}</Chip>
      ),
    },
    {
      key: 'detail',
      title: word('text'),
      render: (row) => <span className="yw-dim">{detailWords(row.detail)}</span>,
    },
    {
      key: 'ip',
      title: word('ip'),
      width: '130px',
      render: (row) => <span className="yw-mono">{row.ip}</span>,
    },
  ];
  return <GridTable label={word('title')} columns={columns} rows={rows} rowKey={(row) => String(row.seq)} />;
}

const ID_SHOWN = 8;

/** `user:01a2…4f` as 人员 and the end of its id, which tells two things apart; the whole on hover. */
function AuditObject({ name }: { name: string }) {
  const known = useKnown();
  const [kind = '', id = ''] = name.split(/:(.*)/s);
  const isLong = id.length > 24;
  return (
    <span title={name}>
      {known('admin.audit.objects', kind)}{' '}
      <span className="yw-mono yw-dim">{isLong ? `…${id.slice(-ID_SHOWN)}` : id}</span>
    </span>
  );
}

function Verify() {
  const t = useT();
  const verify = useMutation({ mutationFn: adminApi.verifyAudit });
  const check = verify.data;
  return (
    <>
      {check?.verified && (
        <Alert
          type="success"
          showIcon
          title={t('admin.audit.good', { rows: check.verified.rows, head: check.verified.head.slice(0, 16) })}
        />
      )}
      {check?.first_broken && (
        <Alert type="error" showIcon title={t('admin.audit.bad', { ...check.first_broken })} />
      )}
      {verify.error && <Alert type="error" showIcon title={verify.error.message} />}
      <Button loading={verify.isPending} onClick={() => verify.mutate()}>
        {t('admin.audit.verify')}
      </Button>
    </>
  );
}
