import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { alarmRuleQuery } from '@yiwang/api/alerting-api.ts';
import { deviceValuesQuery } from '@yiwang/api/sensing-api.ts';
import type { AlarmDetail } from '@yiwang/api/types/alerting.ts';
import type { Series } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { thresholdsOf } from '../../parts/condition-words.ts';
import { SeriesChart } from '../../parts/series-chart.tsx';
import { stepMs, toChartPoints } from '../../parts/series-points.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { pictureWindow } from './picture-window.ts';
import { stepsOf } from './steps.ts';

const POINTS = 600;

/** The values before and after, with the thresholds that were crossed. */
export function AlarmPicture({ alarm }: { alarm: AlarmDetail }) {
  const { can } = useSigned();
  return can('sensing.read') ? <Picture alarm={alarm} /> : null;
}

function Picture({ alarm }: { alarm: AlarmDetail }) {
  const t = useT();
  const now = useNow();
  const { from, to } = pictureWindow(alarm, now);
  const rule = useQuery(alarmRuleQuery(alarm.rule));
  const versions = rule.data ?? [];
  const judged = versions.find((one) => one.rule.version === alarm.rule_version) ?? versions[0];
  const uses = judged?.rule.uses ?? [];
  const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const query = useQuery({
    ...deviceValuesQuery(alarm.device_id, window, POINTS, uses),
    enabled: rule.isSuccess,
    placeholderData: keepPreviousData,
  });
  return (
    <SideSection title={t('alerting.detail.picture')}>
      <Loaded query={query}>
        {(series) => {
          const drawn = series.filter((one) => uses.length === 0 || uses.includes(one.property));
          return drawn.length === 0 ? (
            <p className="yw-dim">{t('alerting.detail.noPicture')}</p>
          ) : (
            drawn
              .slice(0, 3)
              .map((one) => <One key={one.property} alarm={alarm} series={one} from={from} to={to} />)
          );
        }}
      </Loaded>
    </SideSection>
  );
}

function One({ alarm, series, from, to }: { alarm: AlarmDetail; series: Series; from: number; to: number }) {
  const t = useT();
  const text = useText();
  const points = useMemo(() => toChartPoints(series.points), [series.points]);
  const { opened_at, ended_at } = alarm;
  const lines = useMemo(() => {
    const crossed = stepsOf(alarm).flatMap(({ condition = '', readings = [] }) =>
      thresholdsOf(condition, readings, series.property),
    );
    return crossed.filter((one, index) => crossed.findIndex(({ name }) => name === one.name) === index);
  }, [alarm, series.property]);
  const marks = useMemo(
    () => [
      { t: Date.parse(opened_at), name: t('alerting.detail.openedMark') },
      ...(ended_at ? [{ t: Date.parse(ended_at), name: t('alerting.detail.endedMark') }] : []),
    ],
    [opened_at, ended_at, t],
  );
  return (
    <SeriesChart
      name={text(series.name)}
      unit={series.unit ?? undefined}
      points={points}
      stepMs={stepMs(series.step)}
      lines={lines}
      marks={marks}
      from={from}
      to={to}
    />
  );
}
