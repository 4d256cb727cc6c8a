import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { screenQuery, screensQuery } from '@yiwang/api/screen-api.ts';
import type { ScreenRow } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { ScreenGrid } from '@yiwang/widgets/screen/screen-grid.tsx';
import { useCallback, useMemo } from 'react';
import type { Search } from '../../app/router.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { useAround } from './around.ts';
import { kioskOf, nextOf, rotationOf } from './kiosk.ts';
import { useAwake, useIdle, useReload } from './use-kiosk.ts';
import { useRotation } from './use-rotation.ts';
import { useScreenRefresh, useStaleSince } from './use-screen-refresh.ts';
import { StaleLine, WallBar } from './wall-bar.tsx';
import './wall.css';

/** Screens for walls, and the same for a phone. */
export default function WallPage() {
  const t = useT();
  const query = useQuery(screensQuery);
  const { code } = useParams({ strict: false }) as { code?: string };
  const [search] = useSearchParams();
  return (
    <Loaded query={query}>
      {(rows) => {
        const [first] = rotationOf(
          kioskOf(search).screens,
          rows.map((row) => row.code),
        );
        const shown = code ?? first;
        if (!shown) return <Empty text={t('wall.screen.none')} hint={t('wall.screen.noneHint')} />;
        return <Wall rows={rows} code={shown} search={search} />;
      }}
    </Loaded>
  );
}

interface WallProps {
  rows: readonly ScreenRow[];
  code: string;
  search: Search;
}

function Wall({ rows, code, search }: WallProps) {
  const navigate = useNavigate();
  const kiosk = useMemo(() => kioskOf(search), [search]);
  const rotation = useMemo(
    () =>
      rotationOf(
        kiosk.screens,
        rows.map((row) => row.code),
      ),
    [kiosk, rows],
  );
  const show = useCallback(
    (next: string, change: Search = {}) =>
      void navigate({
        to: `/wall/${encodeURIComponent(next)}`,
        search: { ...search, ...change },
        replace: true,
      } as unknown as Parameters<typeof navigate>[0]),
    [navigate, search],
  );
  const onNext = useCallback(() => {
    const next = nextOf(rotation, code);
    if (next) show(next);
  }, [rotation, code, show]);
  const onLeave = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    show(code, { kiosk: undefined, rotate: undefined, screens: undefined });
  }, [show, code]);
  const { isIdle, lastTouch } = useIdle(kiosk.isOn);
  useReload(kiosk.isOn, lastTouch);
  useAwake(kiosk.isOn);
  const isPaused = useRotation({
    isOn: kiosk.isOn,
    seconds: kiosk.rotate,
    code,
    count: rotation.length,
    onNext,
    onLeave,
  });
  return (
    <div className="wall-page" data-kiosk={kiosk.isOn} data-idle={isIdle}>
      {!kiosk.isOn && <WallBar rows={rows} code={code} onShow={show} />}
      <Shown code={code} isPaused={isPaused} />
    </div>
  );
}

function Shown({ code, isPaused }: { code: string; isPaused: boolean }) {
  const t = useT();
  const around = useAround();
  const query = useQuery(screenQuery(code));
  const refreshSeconds = query.data?.screen.refresh_seconds ?? 15;
  useScreenRefresh(refreshSeconds);
  const since = useStaleSince(refreshSeconds);
  return (
    <>
      {since !== undefined && <StaleLine since={since} />}
      {isPaused && <output className="wall-paused">{t('wall.screen.paused')}</output>}
      <div className="wall-screen">
        <Loaded query={query}>
          {({ screen }) => <ScreenGrid key={screen.code} screen={screen} around={around} />}
        </Loaded>
      </div>
    </>
  );
}
