import { useQuery } from '@tanstack/react-query';
import { trailQuery } from '@yiwang/api/moving-api.ts';
import type { Trail } from '@yiwang/api/types/moving.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { civil, fullTime } from '@yiwang/i18n/time.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { Segmented } from '@yiwang/ui/controls.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useEffect, useMemo } from 'react';
import { SideSection } from '../../../parts/side-pane.tsx';
import { TRAIL_HOURS, type TrailHours } from '../map-view.ts';
import { type TrailTick, ticksOf, trailFeatures } from './trail.ts';

interface TrailProps {
  device: string;
  board: Board | undefined;
  /** A past instant; the way before it is shown. */
  at: string | undefined;
  hours: TrailHours | undefined;
  onHours: (hours: TrailHours | undefined) => void;
}

/** Where it went in the last hours: on the map, and as a list for those who do not see it. */
export function TrailSection({ device, board, at, hours, onHours }: TrailProps) {
  const t = useT();
  const query = useQuery({ ...trailQuery(device, hours ?? 1, at), enabled: hours !== undefined });
  const shown = hours ? query.data : undefined;
  const ticks = useMemo(() => (shown && hours ? ticksOf(shown, hours) : []), [shown, hours]);
  useDrawnTrail(board, shown, ticks);
  return (
    <SideSection
      title={t('map.moving.trail')}
      extra={at && hours ? t('map.moving.until', { time: fullTime(at) }) : undefined}
    >
      <Segmented
        size="small"
        aria-label={t('map.moving.trail')}
        value={hours ?? 0}
        options={[0, ...TRAIL_HOURS].map((value) => ({
          value,
          label: t(value === 0 ? 'map.moving.off' : `map.moving.hours.${value}`),
        }))}
        onChange={(value) => onHours(TRAIL_HOURS.find((one) => one === value))}
      />
      {hours && (
        <Loaded query={query}>
          {(trails) =>
            trails.length > 0 ? (
              <Way trails={trails} ticks={ticks} board={board} />
            ) : (
              <Empty text={t('map.moving.noTrail')} />
            )
          }
        </Loaded>
      )}
    </SideSection>
  );
}

const clock = (at: number | string) => civil(at).time;

function useDrawnTrail(board: Board | undefined, trails: Trail[] | undefined, ticks: TrailTick[]): void {
  const t = useT();
  useEffect(() => {
    if (!trails) return;
    const stop = (from: string, until: string) =>
      t('map.moving.stop', { from: clock(from), until: clock(until) });
    board?.setTrail(trailFeatures(trails, ticks, { time: clock, stop }));
    return () => board?.setTrail();
  }, [board, trails, ticks, t]);
}

interface Line {
  key: string;
  at: number;
  words: string;
  lon: number;
  lat: number;
}

/** How far and how fast, and each time and stop as a line that leads to its place. */
function Way({ trails, ticks, board }: { trails: Trail[]; ticks: TrailTick[]; board: Board | undefined }) {
  const t = useT();
  const stops = trails.flatMap((trail) => trail.stops);
  const km = trails.reduce((sum, trail) => sum + trail.length_km, 0);
  const hours =
    trails.reduce((sum, { from, until }) => sum + Date.parse(until) - Date.parse(from), 0) / 3.6e6;
  const lines: Line[] = [
    ...ticks.map(({ at, lon, lat, kmh }) => ({
      ...{ key: `t${at}`, at, lon, lat },
      words: kmh === undefined ? '' : `${kmh.toFixed(0)} km/h`,
    })),
    ...stops.map(({ from, until, lon, lat }) => ({
      ...{ key: `s${from}`, at: Date.parse(from), lon, lat },
      words: t('map.moving.stopped', { span: spanWords(t, Date.parse(until) - Date.parse(from)) }),
    })),
  ].sort((a, b) => b.at - a.at);
  const all = trails.flatMap(({ points }) => points.map(([lon, lat]) => [lon, lat]));
  return (
    <>
      <p className="trail-sum">
        {t('map.moving.summary', {
          km: km.toFixed(1),
          mean: hours > 0 ? (km / hours).toFixed(0) : '0',
          max: Math.max(...trails.map((trail) => trail.max_kmh)).toFixed(0),
          stops: stops.length,
        })}
      </p>
      <button
        type="button"
        className="link-button"
        onClick={() => board?.fit({ type: 'MultiPoint', coordinates: all })}
      >
        {t('map.moving.fit')}
      </button>
      <ol className="trail-lines" aria-label={t('map.moving.ways')}>
        {lines.map(({ key, at, words, lon, lat }) => (
          <li key={key}>
            <button type="button" className="link-button" onClick={() => board?.go({ lon, lat })}>
              {civil(at).time}
            </button>
            <span>{words}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
