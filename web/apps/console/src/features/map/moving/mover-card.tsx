import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deviceByCodeQuery, profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { Moving } from '@yiwang/api/types/moving.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { stateOf } from '@yiwang/map/moving/mover-store.ts';
import { ageWords, type MovingState, useMover } from '@yiwang/map/moving/use-moving.ts';
import { Switch } from '@yiwang/ui/controls.ts';
import { Light } from '@yiwang/ui/light.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Empty, Loading } from '@yiwang/ui/states.tsx';
import { useEffect, useId } from 'react';
import { useNow } from '../../../app/use-now.ts';
import { CardPane } from '../card-pane.tsx';
import type { MapViewState } from '../use-map-view.ts';
import { TrailSection } from './trail-section.tsx';
import './moving.css';

interface MoverCardProps {
  /** Code of the device. */
  id: string;
  board: Board | undefined;
  view: MapViewState;
  moving: MovingState;
  onClose: () => void;
}

const LIGHTS = { moving: 'green', standing: 'none', old: 'orange' } as const;

/** Something that moves: where it is now, and the way that it came. */
export default function MoverCard({ id, board, view, moving, onClose }: MoverCardProps) {
  const t = useT();
  const now = useNow();
  const mover = useMover(moving.store, id);
  const isPast = view.at !== undefined;
  useMark(board, mover);
  useFollow(board, mover, view.isFollowed, view.setFollowed);
  return (
    <CardPane
      title={mover?.name || id}
      onClose={onClose}
      note={
        <>
          <span className="yw-mono">{id}</span>
          {mover && (
            <Light
              light={LIGHTS[stateOf(mover, now)]}
              label={`${t(`map.moving.states.${stateOf(mover, now)}`)} · ${ageWords(t, mover.at, now) || t('map.moving.now')}`}
            />
          )}
        </>
      }
    >
      {isPast && <p className="map-past-note">{t('map.moving.past')}</p>}
      {!isPast && !mover && (moving.isThere ? <Empty text={t('map.moving.gone')} /> : <Loading />)}
      {mover && (
        <>
          <DeviceLink code={id} />
          <Told mover={mover} />
          <Follow isOn={view.isFollowed} onSwitch={view.setFollowed} />
        </>
      )}
      <TrailSection device={id} board={board} at={view.at} hours={view.trail} onHours={view.setTrail} />
    </CardPane>
  );
}

function DeviceLink({ code }: { code: string }) {
  const t = useT();
  const device = useQuery(deviceByCodeQuery(code)).data;
  return (
    <p className="map-go">
      {device && (
        <Link to="/devices" search={{ sel: device.id }}>
          {t('map.moving.openDevice')}
        </Link>
      )}
      <Link to="/alarms" search={{ phase: 'all', device: code }}>
        {t('sensing.detail.alarms')}
      </Link>
    </p>
  );
}

function Told({ mover }: { mover: Moving }) {
  const t = useT();
  const text = useText();
  const profile = useQuery(profilesQuery).data?.find((one) => one.code === mover.profile);
  const word = (key: string) => t(`map.moving.${key}`);
  const { speed_kmh, heading, lon, lat, at } = mover;
  const degrees = typeof heading === 'number' ? heading.toFixed(0) : undefined;
  return (
    <Facts
      rows={[
        { label: word('kind'), value: text(profile?.name) || mover.profile, wide: true },
        { label: word('speed'), value: typeof speed_kmh === 'number' ? `${speed_kmh.toFixed(0)} km/h` : '—' },
        { label: word('heading'), value: degrees ? t('map.moving.degrees', { degrees }) : '—' },
        { label: word('heard'), value: fullTime(at), wide: true },
        {
          label: word('place'),
          value: <span className="yw-mono">{`${lon.toFixed(6)}, ${lat.toFixed(6)}`}</span>,
          wide: true,
        },
      ]}
    />
  );
}

function Follow({ isOn, onSwitch }: { isOn: boolean; onSwitch: (isOn: boolean) => void }) {
  const t = useT();
  const id = useId();
  return (
    <div className="toolbar map-follow">
      <Switch id={id} size="small" checked={isOn} onChange={onSwitch} />
      <label htmlFor={id}>{t(isOn ? 'map.moving.following' : 'map.moving.follow')}</label>
    </div>
  );
}

/** The ring around it goes with it, without anything else being drawn. */
function useMark(board: Board | undefined, mover: Moving | undefined): void {
  const [lon, lat] = [mover?.lon, mover?.lat];
  useEffect(() => {
    if (lon !== undefined && lat !== undefined) board?.mark({ type: 'Point', coordinates: [lon, lat] });
  }, [board, lon, lat]);
  useEffect(() => () => board?.mark(undefined), [board]);
}

function useFollow(
  board: Board | undefined,
  mover: Moving | undefined,
  isFollowed: boolean,
  set: (isOn: boolean) => void,
): void {
  const [lon, lat] = [mover?.lon, mover?.lat];
  useEffect(() => {
    if (isFollowed && lon !== undefined && lat !== undefined) board?.follow({ lon, lat });
  }, [board, isFollowed, lon, lat]);
  useEffect(() => (isFollowed ? board?.onHand(() => set(false)) : undefined), [board, isFollowed, set]);
}
