import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { deviceValuesQuery } from '@yiwang/api/sensing-api.ts';
import type { AlarmDetail, AlarmPicture as PictureOf } from '@yiwang/api/types/alerting.ts';
import type { Series } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo } from 'react';
import { useSigned } from '../../app/session.tsx';
import { SeriesChart } from '../../parts/series-chart.tsx';
import { stepMs, toChartPoints } from '../../parts/series-points.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { crossedIn } from './crossed.ts';

const POINTS = 600;
const DRAWN_MAX = 3;

/** The values before and after, with the thresholds that were crossed. An alarm of many devices has none. */
export function AlarmPicture({ alarm }: { alarm: AlarmDetail }) {
  const { can } = useSigned();
  if (!can('sensing.read') || !alarm.picture) return null;
  return <Picture alarm={alarm} picture={alarm.picture} />;
}

function Picture({ alarm, picture }: { alarm: AlarmDetail; picture: PictureOf }) {
  const t = useT();
  const uses = picture.series.map((one) => one.property);
  const window = { from: picture.from, to: picture.to };
  const query = useQuery({
    ...deviceValuesQuery(picture.device_id, window, POINTS, uses),
    enabled: uses.length > 0,
    placeholderData: keepPreviousData,
  });
  const nothing = <p className="yw-dim">{t('alerting.detail.noPicture')}</p>;
  return (
    <SideSection title={t('alerting.detail.picture')}>
      {uses.length === 0 ? (
        nothing
      ) : (
        <Loaded query={query}>
          {(series) => {
            const drawn = series.filter((one) => uses.includes(one.property));
            if (drawn.length === 0) return nothing;
            return drawn
              .slice(0, DRAWN_MAX)
              .map((one) => <One key={one.property} alarm={alarm} picture={picture} series={one} />);
          }}
        </Loaded>
      )}
    </SideSection>
  );
}

function One({ alarm, picture, series }: { alarm: AlarmDetail; picture: PictureOf; series: Series }) {
  const t = useT();
  const text = useText();
  const points = useMemo(() => toChartPoints(series.points), [series.points]);
  const { opened_at, ended_at } = alarm;
  const lines = useMemo(() => crossedIn(picture, series.property), [picture, series.property]);
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
      from={Date.parse(picture.from)}
      to={Date.parse(picture.to)}
    />
  );
}
