import { useT } from '@yiwang/i18n/i18n.ts';
import { fullTime, instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Button, Segmented } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { LeftOutlined, PauseOutlined, PlayCircleOutlined, RightOutlined } from '@yiwang/ui/icons.ts';
import { useEffect, useRef, useState } from 'react';
import { useNow } from '../../app/use-now.ts';
import { barOf, instantOfBar, PAST_MINUTES_MAX, pastOf, STEPS, type Step, stepped } from './past.ts';

const DRAG_MS = 250;
const PLAY_MS = 2_000;

interface TimeBarProps {
  at: string | undefined;
  onAt: (at: string | undefined) => void;
}

/** Now, or an instant of the last 31 days. */
export function TimeBar({ at, onAt }: TimeBarProps) {
  const t = useT();
  const now = useNow();
  const [step, setStep] = useState<Step>('hour');
  const [isPlaying, setPlaying] = usePlay(at, step, onAt);
  const [dragged, drag] = useDrag(onAt);
  const shown = dragged ?? barOf(at, now);
  const instant = dragged === undefined ? at : instantOfBar(dragged, now);
  const words = instant ? fullTime(instant).slice(0, 16) : t('map.time.now');
  const go = (way: 1 | -1) => {
    setPlaying(false);
    onAt(stepped(at, step, way, Date.now()));
  };
  return (
    <div className="map-time" role="group" aria-label={t('map.time.label')} data-past={Boolean(at)}>
      <Button
        size="small"
        type={at ? 'default' : 'primary'}
        aria-pressed={!at}
        onClick={() => onAt(undefined)}
      >
        {t('map.time.now')}
      </Button>
      <Button
        size="small"
        icon={<LeftOutlined />}
        aria-label={t(`map.time.back.${step}`)}
        onClick={() => go(-1)}
      />
      <Segmented
        size="small"
        aria-label={t('map.time.step')}
        value={step}
        options={(Object.keys(STEPS) as Step[]).map((one) => ({
          value: one,
          label: t(`map.time.steps.${one}`),
        }))}
        onChange={(value) => setStep(value as Step)}
      />
      <Button
        size="small"
        icon={<RightOutlined />}
        aria-label={t(`map.time.forth.${step}`)}
        disabled={!at}
        onClick={() => go(1)}
      />
      <Button
        size="small"
        icon={isPlaying ? <PauseOutlined /> : <PlayCircleOutlined />}
        disabled={!at}
        onClick={() => setPlaying(!isPlaying)}
      >
        {t(isPlaying ? 'map.time.pause' : 'map.time.play')}
      </Button>
      <input
        type="range"
        min={0}
        max={PAST_MINUTES_MAX}
        value={shown}
        aria-label={t('map.time.slider')}
        aria-valuetext={words}
        onChange={(event) => {
          setPlaying(false);
          drag(Number(event.target.value));
        }}
      />
      <span className="map-time-exact">
        <DateField
          withTime
          allowClear={false}
          label={t('map.time.exact')}
          value={localOf(instant ?? now)}
          onChange={(value) => value && onAt(pastOf(Date.parse(instantOf(value)), Date.now()))}
        />
      </span>
    </div>
  );
}

/** While the bar is dragged nothing is asked; a moment after it stands still, the map is. */
function useDrag(onAt: TimeBarProps['onAt']): [number | undefined, (bar: number) => void] {
  const [dragged, setDragged] = useState<number>();
  const latest = useRef(onAt);
  latest.current = onAt;
  useEffect(() => {
    if (dragged === undefined) return;
    const timer = setTimeout(() => {
      latest.current(instantOfBar(dragged, Date.now()));
      setDragged(undefined);
    }, DRAG_MS);
    return () => clearTimeout(timer);
  }, [dragged]);
  return [dragged, setDragged];
}

/** Goes on step by step until it is now. */
function usePlay(
  at: string | undefined,
  step: Step,
  onAt: TimeBarProps['onAt'],
): [boolean, (isPlaying: boolean) => void] {
  const [isPlaying, setPlaying] = useState(false);
  const latest = useRef(onAt);
  latest.current = onAt;
  useEffect(() => {
    if (!isPlaying) return;
    if (!at) return setPlaying(false);
    const timer = setTimeout(() => latest.current(stepped(at, step, 1, Date.now())), PLAY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, at, step]);
  return [isPlaying, setPlaying];
}
