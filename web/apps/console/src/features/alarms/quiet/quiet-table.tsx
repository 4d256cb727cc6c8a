import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { alarmKeys, alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { type QuietKind, quietApi, quietKeys } from '@yiwang/api/quiet-api.ts';
import type { QuietWindow } from '@yiwang/api/types/quiet.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { App, Button, Popconfirm } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useSigned } from '../../../app/session.tsx';
import { useNow } from '../../../app/use-now.ts';
import { isConflict } from '../use-alarm-action.ts';
import { partsOf, type QuietState, quietStateOf, type TargetPart } from './target.ts';

const TONES: Record<QuietState, Tone> = {
  active: 'orange',
  coming: 'accent',
  over: 'plain',
  cancelled: 'plain',
};
const NAMED_MAX = 4;

export function QuietTable({ kind, windows }: { kind: QuietKind; windows: QuietWindow[] }) {
  const t = useT();
  const now = useNow();
  const { can } = useSigned();
  const word = (key: string, values?: Record<string, unknown>) => t(`quiet.column.${key}`, values);
  const isOver = (window: QuietWindow) => ['over', 'cancelled'].includes(quietStateOf(window, now));
  const columns: GridColumn<QuietWindow>[] = [
    {
      key: 'state',
      title: word('state'),
      width: '96px',
      render: (window) => {
        const state = quietStateOf(window, now);
        return <Chip tone={TONES[state]}>{t(`quiet.state.${state}`)}</Chip>;
      },
    },
    { key: 'target', title: word('target'), render: (window) => <Target window={window} /> },
    {
      key: 'time',
      title: word('time'),
      width: '190px',
      render: (window) => (
        <>
          {dayTime(window.starts_at)} –<br />
          {dayTime(window.ends_at)}
        </>
      ),
    },
    { key: 'reason', title: word('reason'), width: '24%', render: (window) => window.reason },
    {
      key: 'by',
      title: word('by'),
      width: '130px',
      render: (window) => (
        <>
          {window.created_by}
          {window.cancelled_by && (
            <span className="cell-two">{word('cancelledBy', { name: window.cancelled_by })}</span>
          )}
        </>
      ),
    },
    {
      key: 'cancel',
      title: '',
      width: '96px',
      align: 'right',
      render: (window) => can('alerting.handle') && !isOver(window) && <Cancel kind={kind} window={window} />,
    },
  ];
  return (
    <GridTable
      label={t(`quiet.tab.${kind === 'maintenance' ? 'windows' : 'shelves'}`)}
      columns={columns}
      rows={windows}
      rowKey={(window) => window.id}
      isDim={isOver}
    />
  );
}

function Target({ window }: { window: QuietWindow }) {
  const t = useT();
  const text = useText();
  const { data: rules = [] } = useQuery(alarmRulesQuery);
  const said = (part: TargetPart, code: string) =>
    (part === 'rules' && text(rules.find((one) => one.rule.id === code)?.rule.name)) || code;
  return (
    <>
      {partsOf(window.target).map(([part, named]) => (
        <div key={part} title={named.join(' ')}>
          <span className="yw-dim">{t(`quiet.target.${part}`)}</span>{' '}
          {named
            .slice(0, NAMED_MAX)
            .map((code) => said(part, code))
            .join('、')}
          {named.length > NAMED_MAX && t('quiet.column.more', { count: named.length - NAMED_MAX })}
        </div>
      ))}
      <span className="cell-two">{t('quiet.column.devices', { count: window.devices })}</span>
    </>
  );
}

function Cancel({ kind, window }: { kind: QuietKind; window: QuietWindow }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const cancel = useMutation({
    mutationFn: () =>
      kind === 'maintenance'
        ? quietApi.cancelWindow(window.id, window.version)
        : quietApi.cancelShelf(window.id, window.version),
    onSuccess: () => void message.success(t('quiet.cancelled')),
    onError: (fault) => void message.error(isConflict(fault) ? t('quiet.conflict') : fault.message),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: quietKeys.lists(kind) });
      void client.invalidateQueries({ queryKey: alarmKeys.all });
    },
  });
  return (
    <Popconfirm
      title={t(`quiet.${kind}.cancelAsk`)}
      description={t(`quiet.${kind}.cancelHint`)}
      onConfirm={() => cancel.mutate()}
    >
      <Button size="small" loading={cancel.isPending}>
        {t('quiet.cancel')}
      </Button>
    </Popconfirm>
  );
}
