import { Link } from '@tanstack/react-router';
import { alarmApi } from '@yiwang/api/alerting-api.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { numberWords } from '@yiwang/chart/shape.ts';
import { type Translate, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { App, Button } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { conditionWords, isSilence, valueIn } from '../../parts/condition-words.ts';
import { SeverityChip } from '../../parts/severity.tsx';
import { useVocabulary } from '../../parts/use-vocabulary.ts';
import { AlarmState } from './alarm-state.tsx';
import { isGroup } from './kind.ts';
import { isConflict, useAlarmAction } from './use-alarm-action.ts';
import { useRuleName } from './use-rule-name.ts';

interface TableProps {
  alarms: Alarm[];
  selected: string | undefined;
  /** The detail stands beside it. */
  isNarrow: boolean;
  onPick: (alarm: Alarm) => void;
}

export function AlarmTable({ alarms, selected, isNarrow, onPick }: TableProps) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const ruleName = useRuleName();
  const reading = useReading();
  const word = (key: string) => t(`alerting.column.${key}`);
  const columns: (GridColumn<Alarm> | false)[] = [
    {
      key: 'severity',
      title: word('severity'),
      width: '72px',
      render: (alarm) => <SeverityChip severity={alarm.severity} />,
    },
    {
      key: 'what',
      title: word('what'),
      render: (alarm) => (
        <>
          <strong>{ruleName(alarm)}</strong>
          <span className="cell-two" title={reading(alarm)}>
            {reading(alarm)}
          </span>
        </>
      ),
    },
    {
      key: 'device',
      title: word('device'),
      width: '20%',
      render: (alarm) => (
        <>
          {alarm.device_name}
          <span className="cell-two yw-mono">{isGroup(alarm) ? '' : alarm.device}</span>
        </>
      ),
    },
    !isNarrow && {
      key: 'where',
      title: word('where'),
      width: '18%',
      render: (alarm) => (
        <>
          {alarm.place || alarm.area_name}
          <span className="cell-two">{alarm.place ? alarm.area_name : text(alarm.org_name)}</span>
        </>
      ),
    },
    {
      key: 'opened',
      title: word('opened'),
      width: '112px',
      render: (alarm) => (
        <>
          {shortTime(alarm.opened_at, now)}
          <span className="cell-two">{lastedWords(t, lasted(alarm, now))}</span>
        </>
      ),
    },
    {
      key: 'state',
      title: word('state'),
      width: isNarrow ? '150px' : '210px',
      render: (alarm) => (
        <>
          <AlarmState alarm={alarm} />
          {alarm.case && <CaseLink alarm={alarm} />}
        </>
      ),
    },
    !isNarrow && {
      key: 'acknowledge',
      title: '',
      width: '120px',
      align: 'right',
      render: (alarm) => <QuickAcknowledge alarm={alarm} />,
    },
  ];
  return (
    <GridTable
      label={t('alerting.title')}
      columns={columns.filter((column) => column !== false)}
      rows={alarms}
      rowKey={(alarm) => alarm.id}
      selected={selected}
      isDim={(alarm) => Boolean(alarm.suppressed_by)}
      onPick={onPick}
    />
  );
}

export const lasted = (alarm: Alarm, now: number): number =>
  (alarm.ended_at ? Date.parse(alarm.ended_at) : Math.max(now, Date.parse(alarm.opened_at))) -
  Date.parse(alarm.opened_at);

const lastedWords = (t: Translate, ms: number) => (ms < 60_000 ? t('shell.time.now') : spanWords(t, ms));

/** The first value that raised it, in words: those of the beginning, however severe it has become. */
function useReading(): (alarm: Alarm) => string {
  const t = useT();
  const vocabulary = useVocabulary();
  return (alarm) => {
    if (isGroup(alarm)) return t('quiet.members.count', { count: alarm.members, open: alarm.members_open });
    const readings = alarm.explanation.readings ?? [];
    const words = vocabulary(alarm.profile, valueIn(readings));
    const first = readings[0];
    if (!first) {
      return alarm.explanation.condition
        ? conditionWords(alarm.explanation.condition, words)
        : t('alerting.detail.missing');
    }
    const plain = { ...words, parameter: () => undefined };
    const value = typeof first.value === 'number' && !isSilence(first.name) ? numberWords(first.value) : '';
    return t('alerting.atStart', { words: `${conditionWords(first.name, plain)} ${value}`.trim() });
  };
}

export function CaseLink({ alarm }: { alarm: Alarm }) {
  const { can } = useSigned();
  if (!alarm.case) return null;
  if (!can('incident.read')) return <span className="yw-mono">{alarm.case.number}</span>;
  return (
    <Link
      to="/incidents"
      search={{ scope: 'all', q: alarm.case.number, sel: alarm.case.id }}
      className="yw-mono alarm-case"
      onClick={(event) => event.stopPropagation()}
    >
      {alarm.case.number}
    </Link>
  );
}

/** One press from the list: in a storm nobody opens forty panes. */
function QuickAcknowledge({ alarm }: { alarm: Alarm }) {
  const t = useT();
  const { can } = useSigned();
  const { message } = App.useApp();
  const act = useAlarmAction();
  if (!can('alerting.handle') || alarm.acknowledged_at || !alarm.is_open) return null;
  return (
    <Button
      size="small"
      loading={act.isPending}
      onClick={(event) => {
        event.stopPropagation();
        act.mutate(
          { alarm, what: 'acknowledge', send: (one) => alarmApi.acknowledge(one.id, one.version) },
          {
            onError: (fault) =>
              void message.error(isConflict(fault) ? t('alerting.act.conflict') : fault.message),
          },
        );
      }}
    >
      {t('alerting.act.acknowledge')}
    </Button>
  );
}
