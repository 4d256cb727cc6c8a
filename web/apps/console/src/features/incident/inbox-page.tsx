import { useInfiniteQuery } from '@tanstack/react-query';
import { tasksQuery } from '@yiwang/api/incident-api.ts';
import type { TaskRow } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Segmented } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Light } from '@yiwang/ui/light.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import type { Intent } from '../../app/keyboard.ts';
import { showOverlay } from '../../app/overlay-store.ts';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { dueNow } from '../../parts/due.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { GradeChip } from '../../parts/status-chip.tsx';
import { useDueWords } from '../../parts/use-words.ts';
import { DetailPane } from './detail/detail-pane.tsx';
import { useCaseCommands } from './use-case-commands.tsx';
import { useKeys } from './use-keys.ts';
import './workbench.css';

const VIEWS = ['open', 'to_sign', 'handling', 'reported'] as const;

/** A unit's own queue: what to sign, what to do, what is being verified. */
export default function InboxPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const view = search.view ?? 'open';
  const [cursor, setCursor] = useState(search.task);
  const list = useInfiniteQuery(tasksQuery({ mine: true, ...(view === 'open' ? {} : { status: view }) }));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const opened = search.sel;
  const commands = useCaseCommands();

  const open = (row: TaskRow | undefined) => {
    if (row) setCursor(row.id);
    setSearch({ sel: row?.incident.id, task: row?.id }, { replace: true });
  };
  const current = rows.find((row) => row.id === cursor);
  const act = (intent: Intent) => {
    if (intent.do === 'next' || intent.do === 'previous') {
      const at = rows.findIndex((row) => row.id === cursor) + (intent.do === 'next' ? 1 : -1);
      const next = rows[Math.min(Math.max(at, 0), rows.length - 1)];
      if (next && opened) open(next);
      else setCursor(next?.id);
    } else if (intent.do === 'open') open(opened === current?.incident.id ? undefined : current);
    else if (intent.do === 'help') showOverlay('keys');
    else if (intent.do === 'sign' || intent.do === 'assign' || intent.do === 'note' || intent.do === 'return')
      void commands.byKey(intent.do, current?.incident.id ?? opened);
  };
  useKeys(act);

  return (
    <div className="workbench">
      <div className="inbox-bar">
        <h2>{t('shell.nav.tasks')}</h2>
        <Views
          view={view}
          onChange={(next) => setSearch({ view: next === 'open' ? undefined : next }, { replace: true })}
        />
      </div>
      <div className="workbench-split" data-open={opened !== undefined}>
        <div className="inbox-list">
          <Loaded query={list}>
            {() =>
              rows.length === 0 ? (
                <Empty />
              ) : (
                <>
                  <TaskTable rows={rows} selected={cursor} isWide={!opened} onPick={open} />
                  <LoadMore count={rows.length} query={list} />
                </>
              )
            }
          </Loaded>
        </div>
        {opened && (
          <DetailPane
            id={opened}
            tab={search.tab ?? 'overview'}
            onTab={(tab) => setSearch({ tab: tab === 'overview' ? undefined : tab }, { replace: true })}
            onClose={() => open(undefined)}
            onCommand={commands.run}
            onOpen={(id) => setSearch({ sel: id }, { replace: true })}
          />
        )}
      </div>
      {commands.dialog}
    </div>
  );
}

function Views({ view, onChange }: { view: string; onChange: (view: string) => void }) {
  const t = useT();
  const term = useTerm();
  return (
    <Segmented
      value={view}
      onChange={(next) => onChange(String(next))}
      options={VIEWS.map((one) => ({
        value: one,
        label: one === 'open' ? t('shell.common.all') : term('taskStatus', one),
      }))}
    />
  );
}

interface TaskTableProps {
  rows: TaskRow[];
  selected: string | undefined;
  /** The whole page is for the list. */
  isWide: boolean;
  onPick: (row: TaskRow) => void;
}

function TaskTable({ rows, selected, isWide, onPick }: TaskTableProps) {
  const t = useT();
  const term = useTerm();
  const text = useText();
  const now = useNow();
  const columns: GridColumn<TaskRow>[] = [
    {
      key: 'light',
      title: t('incident.column.light'),
      width: '148px',
      render: (row) => <TaskLight row={row} />,
    },
    {
      key: 'grade',
      title: t('incident.column.grade'),
      width: '52px',
      render: ({ incident }) => <GradeChip grade={incident.grade} short />,
    },
    {
      key: 'title',
      title: t('incident.column.title'),
      render: ({ incident }) => (
        <div className="inbox-title">
          <span>{incident.title}</span>
          <span className="yw-dim">{incident.address || incident.area?.name}</span>
        </div>
      ),
    },
    ...(isWide
      ? [
          {
            key: 'org',
            title: t('command.field.org_id'),
            width: '160px',
            render: (row: TaskRow) => text(row.org.name),
          },
        ]
      : []),
    {
      key: 'role',
      title: t('incident.section.tasks'),
      width: '150px',
      render: (row) => (
        <>
          <Chip tone={row.role === 'lead' ? 'accent' : 'plain'}>{term('taskRole', row.role)}</Chip>{' '}
          <Chip>{term('taskStatus', row.status)}</Chip>
        </>
      ),
    },
    {
      key: 'created',
      title: t('incident.column.created'),
      width: '96px',
      render: ({ incident }) => <span className="yw-dim">{shortTime(incident.created_at, now)}</span>,
    },
  ];
  return (
    <GridTable
      label={t('shell.nav.tasks')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      selected={selected}
      onPick={onPick}
    />
  );
}

function TaskLight({ row }: { row: TaskRow }) {
  const t = useT();
  const term = useTerm();
  const words = useDueWords();
  const now = useNow();
  const { light } = row;
  if (row.incident.suspended) return <Light light="none" paused label={t('incident.suspended')} />;
  const due = dueNow(row.due_at, light, now);
  return (
    <Light
      light={due?.light ?? light}
      label={due ? `${due.late ? `${term('light', 'red')} · ` : ''}${words(due.ms)}` : term('light', light)}
    />
  );
}
