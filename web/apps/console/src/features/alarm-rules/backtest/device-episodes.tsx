import { useQuery } from '@tanstack/react-query';
import { deviceByCodeQuery, deviceValuesQuery } from '@yiwang/api/sensing-api.ts';
import type { BacktestAnswer, BacktestEpisode } from '@yiwang/api/types/alarm-rule.ts';
import type { Device, Series } from '@yiwang/api/types/sensing.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useMemo, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { SeriesChart } from '../../../parts/series-chart.tsx';
import { stepMs, toChartPoints } from '../../../parts/series-points.ts';
import { SideSection } from '../../../parts/side-pane.tsx';
import { EpisodeList } from './episode-list.tsx';
import { bandsOf, linesOf } from './episodes.ts';

const POINTS = 1_500;
const DRAWN_MAX = 3;

interface DeviceEpisodesProps {
  code: string;
  answer: BacktestAnswer;
  profile: string;
  uses: readonly string[];
}

/** One device's values with its alarms as bands; a band that is clicked is explained. */
export function DeviceEpisodes({ code, answer, profile, uses }: DeviceEpisodesProps) {
  const t = useT();
  const { can } = useSigned();
  const [chosen, setChosen] = useState<string>();
  const episodes = useMemo(
    () => answer.episodes.filter((one) => one.device === code),
    [answer.episodes, code],
  );
  return (
    <SideSection title={t('rules.backtest.deviceTitle', { device: code })}>
      {can('sensing.read') && <Picture {...{ code, answer, episodes, uses, chosen }} onChoose={setChosen} />}
      <EpisodeList episodes={episodes} profile={profile} chosen={chosen} onChoose={setChosen} />
    </SideSection>
  );
}

interface PictureProps {
  code: string;
  answer: BacktestAnswer;
  episodes: BacktestEpisode[];
  uses: readonly string[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
}

function Picture(props: PictureProps) {
  const t = useT();
  const query = useQuery(deviceByCodeQuery(props.code));
  return (
    <Loaded query={query}>
      {(device) =>
        device ? (
          <Values {...props} device={device} />
        ) : (
          // Where a rule needs agreement, the alarm is of a group, which has no values of its own.
          <p className="yw-dim">{t('rules.backtest.noDevice')}</p>
        )
      }
    </Loaded>
  );
}

function Values({ device, answer, uses, ...props }: PictureProps & { device: Device }) {
  const t = useT();
  const window = { from: answer.from, to: answer.to };
  const query = useQuery(deviceValuesQuery(device.id, window, POINTS, uses));
  return (
    <Loaded query={query}>
      {(series) => {
        const drawn = series.filter((one) => uses.length === 0 || uses.includes(one.property));
        if (drawn.length === 0) return <p className="yw-dim">{t('alerting.detail.noPicture')}</p>;
        return drawn
          .slice(0, DRAWN_MAX)
          .map((one) => <One key={one.property} series={one} answer={answer} {...props} />);
      }}
    </Loaded>
  );
}

function One({
  series,
  answer,
  episodes,
  chosen,
  onChoose,
}: Omit<PictureProps, 'code' | 'uses'> & { series: Series }) {
  const text = useText();
  const points = useMemo(() => toChartPoints(series.points), [series.points]);
  const bands = useMemo(() => bandsOf(episodes, answer.to, chosen), [episodes, answer.to, chosen]);
  const lines = useMemo(() => linesOf(episodes, series.property), [episodes, series.property]);
  return (
    <SeriesChart
      name={text(series.name)}
      unit={series.unit ?? undefined}
      points={points}
      stepMs={stepMs(series.step)}
      lines={lines}
      bands={bands}
      from={Date.parse(answer.from)}
      to={Date.parse(answer.to)}
      height={210}
      onBand={onChoose}
    />
  );
}
