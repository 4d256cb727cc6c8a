import { useQuery } from '@tanstack/react-query';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Board, BoardPoint } from '@yiwang/map/board/board.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import type { Bounds } from '@yiwang/map/board/geodesy.ts';
import { LateBoard } from '@yiwang/map/board/late-board.tsx';
import type { BoardLayer } from '@yiwang/map/board/layer-style.ts';
import { MOVING_SOURCE } from '@yiwang/map/board/moving-layer.ts';
import { useMoving } from '@yiwang/map/moving/use-moving.ts';
import { useEffect, useMemo, useState } from 'react';
import { Frame } from '../parts/frame.tsx';
import { useSetting, type Way } from '../parts/setting.ts';
import { flagOption, type WidgetProps } from '../widget.ts';
import { boundsOf, cameraOf, shownLayers } from './city-layers.ts';
import { MovingRow, movingRead } from './city-moving.tsx';
import { useOwnPoints } from './city-points.ts';
import './city-map.css';

const NOTHING = () => undefined;
const NONE: never[] = [];
const TILES_SECONDS_MIN = 30;

/** The city with what is open in it, and with what moves. */
export default function CityMap({ title, options }: WidgetProps) {
  const t = useT();
  const { theme, go } = useSetting();
  const layers = useQuery(layersQuery);
  const shown = useMemo(() => shownLayers(layers.data ?? NONE, options), [layers.data, options]);
  const { cases, alarms } = useOwnPoints(options);
  const camera = useMemo(() => cameraOf(options, layers.data ?? NONE), [options, layers.data]);
  const [board, setBoard] = useState<Board>();
  const withMoving = flagOption(options, 'moving');
  const moving = useMoving(board, withMoving);
  const whole = options.center || options.zoom ? undefined : boundsOf(layers.data ?? NONE);
  useWholeCity(board, whole);
  useDeviceTiles(board, shown);
  return (
    <Frame
      title={title ?? t('wall.kinds.map')}
      reads={[layers, ...movingRead(moving)]}
      isFlush
      extra={<Counts cases={cases} alarms={alarms} />}
    >
      {layers.data && (
        <div className="ww-map">
          <LateBoard
            label={title ?? t('wall.kinds.map')}
            theme={theme}
            camera={camera}
            whole={whole}
            layers={shown}
            at={undefined}
            cases={cases ?? NONE}
            alarms={alarms ?? NONE}
            marked={undefined}
            tool={undefined}
            placing={undefined}
            onBoard={setBoard}
            onCamera={NOTHING}
            onInView={NOTHING}
            onFault={NOTHING}
            onSketch={NOTHING}
            onPlaced={NOTHING}
            onChosen={(drawn) => {
              const way = wayOf(drawn[0]);
              if (way) go(way);
            }}
          />
          {withMoving && <MovingRow moving={moving} />}
        </div>
      )}
    </Frame>
  );
}

/** The whole city, however wide its place is. */
function useWholeCity(board: Board | undefined, bounds: Bounds | undefined): void {
  const corners = bounds?.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: by value: another answer with the same bounds moves nothing
  useEffect(() => {
    if (board && bounds) board.showWhole(bounds);
  }, [board, corners]);
}

/** Devices change without a word; outlines of the city do not. */
function useDeviceTiles(board: Board | undefined, shown: readonly BoardLayer[]): void {
  const { refreshSeconds } = useSetting();
  useEffect(() => {
    const changing = shown.filter((layer) => layer.isHollow).map((layer) => layer.code);
    if (!board || changing.length === 0) return;
    const refresh = () => {
      for (const code of changing) board.refresh(code);
    };
    const timer = setInterval(refresh, Math.max(TILES_SECONDS_MIN, refreshSeconds) * 1000);
    return () => clearInterval(timer);
  }, [board, shown, refreshSeconds]);
}

function Counts({ cases, alarms }: { cases: BoardPoint[] | undefined; alarms: BoardPoint[] | undefined }) {
  const t = useT();
  return (
    <span className="ww-map-counts">
      {cases && t('wall.map.cases', { count: cases.length })}{' '}
      {alarms && t('wall.map.alarms', { count: alarms.length })}
    </span>
  );
}

function wayOf(drawn: Drawn | undefined): Way | undefined {
  if (!drawn || drawn.form === 'cluster') return undefined;
  if (drawn.layer === 'cases') return { to: '/incidents', search: { scope: 'all', sel: drawn.id } };
  if (drawn.layer === 'alarms') return { to: '/alarms', search: { phase: 'all', sel: drawn.id } };
  if (drawn.layer === MOVING_SOURCE) return { to: '/map', search: { sel: `${MOVING_SOURCE}:${drawn.id}` } };
  return { to: '/map' };
}
