import { useQuery } from '@tanstack/react-query';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import { type Alarm, SEVERITIES } from '@yiwang/api/types/alerting.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import type { Board, BoardPoint, Camera } from '@yiwang/map/board/board.ts';
import type { Drawn } from '@yiwang/map/board/drawn.ts';
import type { BoardLayer } from '@yiwang/map/board/layer-style.ts';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { alarmsQuery, casePlacesQuery } from '../data/cases.ts';
import { Frame } from '../parts/frame.tsx';
import { useSetting, type Way } from '../parts/setting.ts';
import { flagOption, listOption, numberOption, type WidgetProps } from '../widget.ts';
import './city-map.css';

const MapBoard = lazy(() => import('@yiwang/map/board/map-board.tsx'));

const NOTHING = () => undefined;
const NONE: never[] = [];
const PADDING_PX = 24;
const TILES_SECONDS_MIN = 30;
/** Beyond a point's own age so that the worse lies above. */
const RANK_SECONDS = 1e10;
const orderOf = (rank: number, at: string) => Date.parse(at) / 1000 - rank * RANK_SECONDS;

/** The city with what is open in it. */
export default function CityMap({ title, options }: WidgetProps) {
  const t = useT();
  const { theme, refreshSeconds, go } = useSetting();
  const layers = useQuery(layersQuery);
  const shown = useMemo(() => shownLayers(layers.data ?? NONE, options), [layers.data, options]);
  const { cases, alarms } = useOwnPoints(options);
  const camera = useMemo(() => cameraOf(options, layers.data ?? NONE), [options, layers.data]);
  const [board, setBoard] = useState<Board>();
  const bounds = options.center || options.zoom ? undefined : boundsOf(layers.data ?? NONE);
  const whole = bounds?.join(' ');
  // The whole city, however wide its place is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: by value: another answer with the same bounds moves nothing
  useEffect(() => {
    if (board && bounds) board.map.fitBounds(bounds, { padding: PADDING_PX, animate: false });
  }, [board, whole]);
  // Devices change without a word; outlines of the city do not.
  useEffect(() => {
    const moving = shown.filter((layer) => layer.isHollow).map((layer) => layer.code);
    if (!board || moving.length === 0) return;
    const refresh = () => {
      for (const code of moving) board.refresh(code);
    };
    const timer = setInterval(refresh, Math.max(TILES_SECONDS_MIN, refreshSeconds) * 1000);
    return () => clearInterval(timer);
  }, [board, shown, refreshSeconds]);
  return (
    <Frame
      title={title ?? t('wall.kinds.map')}
      reads={[layers]}
      isFlush
      extra={<Counts cases={cases} alarms={alarms} />}
    >
      {layers.data && (
        <div className="ww-map">
          <Suspense fallback={null}>
            <MapBoard
              label={title ?? t('wall.kinds.map')}
              theme={theme}
              camera={camera}
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
          </Suspense>
        </div>
      )}
    </Frame>
  );
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
  return { to: '/map' };
}

/** The layers that are named; the areas of the city where none is. */
function shownLayers(layers: readonly Layer[], options: Record<string, unknown>): BoardLayer[] {
  const named = new Set(listOption(options, 'layers'));
  const withDevices = flagOption(options, 'devices');
  return layers
    .filter(
      ({ code, content }) =>
        named.has(code) ||
        (named.size === 0 && content === 'towns') ||
        (withDevices && content === 'devices'),
    )
    .map(({ code, geometry, content, min_zoom, max_zoom, style, states }) => ({
      code,
      geometry,
      minZoom: min_zoom,
      maxZoom: max_zoom,
      color: style.color ?? undefined,
      width: style.width ?? undefined,
      fill: style.fill ?? undefined,
      isNamed: style.label ?? false,
      isHollow: content === 'devices',
      states: (states ?? []).map((state) => ({ code: state.code, color: state.color ?? undefined })),
    }));
}

const CITY: Camera = { lon: 120.28, lat: 31.85, zoom: 9.8 };

function cameraOf(options: Record<string, unknown>, layers: readonly Layer[]): Camera {
  const center = options.center as { lon: number; lat: number } | undefined;
  const zoom = numberOption(options, 'zoom', CITY.zoom);
  if (center) return { ...center, zoom };
  const bounds = boundsOf(layers);
  if (!bounds) return { ...CITY, zoom };
  const [west, south, east, north] = bounds;
  return { lon: (west + east) / 2, lat: (south + north) / 2, zoom };
}

/** The city, as its towns lie. */
const boundsOf = (layers: readonly Layer[]) =>
  layers.find((layer) => layer.content === 'towns')?.bounds ?? undefined;

function useOwnPoints(options: Record<string, unknown>) {
  const t = useT();
  const term = useTerm();
  const cases = useQuery({ ...casePlacesQuery, enabled: flagOption(options, 'cases') });
  const alarms = useQuery({ ...alarmsQuery({ open: true }), enabled: flagOption(options, 'alarms') });
  return useMemo(
    () => ({
      cases: cases.data?.flatMap((row) => casePoint(row, term('light', row.light))),
      alarms: alarms.data?.flatMap((alarm) => alarmPoint(alarm, t(`alerting.severity.${alarm.severity}`))),
    }),
    [cases.data, alarms.data, t, term],
  );
}

function casePoint(row: IncidentRow, mark: string): BoardPoint[] {
  if (!row.position) return [];
  const light = row.suspended ? 'none' : row.light;
  return [
    {
      id: row.id,
      ...row.position,
      picture: `light-${light}`,
      order: orderOf(LIGHTS.indexOf(light), row.created_at),
      facts: { title: row.title, note: row.number, status: row.status, mark, light },
    },
  ];
}

function alarmPoint(alarm: Alarm, mark: string): BoardPoint[] {
  if (!alarm.position) return [];
  return [
    {
      id: alarm.id,
      ...alarm.position,
      picture: `severity-${alarm.severity}`,
      order: orderOf(SEVERITIES.indexOf(alarm.severity), alarm.opened_at),
      facts: { title: alarm.rule_name, note: alarm.device_name, mark },
    },
  ];
}
