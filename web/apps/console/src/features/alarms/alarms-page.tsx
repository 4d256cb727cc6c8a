import { useQuery } from '@tanstack/react-query';
import { alarmNumbersQuery } from '@yiwang/api/alerting-api.ts';
import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type Lamp, Lamps } from '../../parts/lamps.tsx';
import { SEVERITY_TONES } from '../../parts/severity.tsx';
import { AlarmList } from './alarm-list.tsx';
import { FeedbackTab } from './feedback-tab.tsx';
import { severityOf, TABS, tabOf } from './filters.ts';
import { QuietTab } from './quiet/quiet-tab.tsx';
import { StormButton } from './storm-button.tsx';
import { useLiveAlarms } from './use-live-alarms.ts';
import './alarms.css';

/** What the instruments found: what stands open, why, who looks after it, and what is kept quiet. */
export default function AlarmsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const raised = useLiveAlarms();
  const tab = tabOf(search);
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('alerting.title')}</h2>
        <Segmented
          aria-label={t('quiet.tab.label')}
          value={tab}
          onChange={(next) => setSearch({ tab: next === 'alarms' ? undefined : next, sel: undefined })}
          options={TABS.map((one) => ({ value: one, label: t(`quiet.tab.${one}`) }))}
        />
        <span className="yw-dim">{tab === 'alarms' && t('alerting.hint')}</span>
        <span className="page-gap" />
        <StormButton />
      </div>
      {tab === 'alarms' && (
        <>
          <Numbers />
          <AlarmList />
        </>
      )}
      {tab === 'windows' && <QuietTab key={tab} kind="maintenance" />}
      {tab === 'shelves' && <QuietTab key={tab} kind="shelf" />}
      {tab === 'feedback' && <FeedbackTab />}
      <span className="yw-visually-hidden" aria-live={raised === 'I' ? 'assertive' : 'polite'}>
        {raised && `${t(`alerting.severityLong.${raised}`)} ${t('alerting.log.raised')}`}
      </span>
    </div>
  );
}

/** What else is counted, and the filter that lists it. */
const MORE = {
  unacknowledged: ['acknowledged', 'no'],
  suppressed: ['suppressed', 'yes'],
  shelved: ['shelved', 'yes'],
} as const;
const isMore = (key: string): key is keyof typeof MORE => key in MORE;

function Numbers() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const numbers = useQuery(alarmNumbersQuery);
  const chosen = severityOf(search);
  const lamps: Lamp[] = SEVERITIES.map((severity, index) => {
    const count = numbers.data?.by_severity[index];
    const name = t(`alerting.severity.${severity}`);
    return {
      key: severity,
      label: t(`alerting.severityLong.${severity}`),
      count,
      tone: SEVERITY_TONES[severity],
      title: t('alerting.lampTitle', { severity: name, count: count ?? 0 }),
      isPressed: chosen === severity,
    };
  });
  const all: Lamp = {
    key: 'all',
    label: t('alerting.openLamp'),
    count: numbers.data?.open,
    tone: 'plain',
    isPressed: false,
  };
  const more: Lamp[] = (['unacknowledged', 'suppressed', 'shelved'] as const).map((key) => ({
    key,
    label: t(`quiet.lamp.${key}`),
    count: numbers.data?.[key],
    tone: 'plain',
    isPressed: search[MORE[key][0]] === MORE[key][1],
  }));
  const press = (key: string) => {
    if (isMore(key)) {
      const [filter, value] = MORE[key];
      setSearch(
        { [filter]: search[filter] === value ? undefined : value, phase: undefined },
        { replace: true },
      );
      return;
    }
    const severity = key === 'all' || key === chosen ? undefined : key;
    setSearch({ severity, phase: undefined }, { replace: true });
  };
  return <Lamps label={t('alerting.lamps')} lamps={[all, ...lamps, ...more]} onPress={press} />;
}
