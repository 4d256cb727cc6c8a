import { useT } from '@yiwang/i18n/i18n.ts';
import { useEffect, useState } from 'react';
import { Frame } from '../parts/frame.tsx';
import { LineRow } from '../parts/line-row.tsx';
import { useSetting } from '../parts/setting.ts';
import { useOpenLines } from '../parts/use-lines.ts';
import { useSize } from '../parts/use-size.ts';
import { listOption, numberOption, type WidgetProps } from '../widget.ts';
import './ticker.css';

const STEP_MS = 5_000;
/** The least height of a line; what is left over is shared among them. */
const LINE_UNITS = 31;

/** What is open, a few lines at a time, moving on by itself until somebody stops it. */
export default function Ticker({ title, options }: WidgetProps) {
  const t = useT();
  const { lines, reads } = useOpenLines({
    of: listOption(options, 'of'),
    limit: numberOption(options, 'limit', 20),
    atLeast: numberOption(options, 'severity_at_least', 4),
  });
  const [isPaused, setPaused] = useState(false);
  return (
    <Frame
      title={title ?? t('wall.kinds.ticker')}
      reads={reads}
      isEmpty={lines.length === 0}
      emptyWords={t('wall.ticker.calm')}
      extra={
        <>
          <span className="ww-ticker-count">{t('wall.ticker.count', { count: lines.length })}</span>
          <button
            type="button"
            className="ww-ticker-pause"
            aria-pressed={isPaused}
            onClick={() => setPaused(!isPaused)}
          >
            {t(isPaused ? 'wall.ticker.go' : 'wall.ticker.pause')}
          </button>
        </>
      }
    >
      <Running lines={lines} isPaused={isPaused} />
    </Frame>
  );
}

function Running({
  lines,
  isPaused,
}: {
  lines: ReturnType<typeof useOpenLines>['lines'];
  isPaused: boolean;
}) {
  const { unit } = useSetting();
  const [host, size] = useSize<HTMLUListElement>();
  const [first, setFirst] = useState(0);
  const [isHeld, setHeld] = useState(false);
  const room = Math.max(1, Math.floor((size?.height ?? 0) / (LINE_UNITS * unit)));
  const moves = lines.length > room && !isPaused && !isHeld;
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => setFirst((old) => old + 1), STEP_MS);
    return () => clearInterval(timer);
  }, [moves]);
  const shown = Array.from({ length: Math.min(room, lines.length) }, (_, index) => {
    const start = lines.length > room ? first : 0;
    return lines[(start + index) % lines.length];
  });
  return (
    <ul
      ref={host}
      className="ww-rows ww-ticker"
      style={{ gridTemplateRows: `repeat(${room}, minmax(0, 1fr))` }}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {shown.map(
        (line) =>
          line && (
            <li key={line.id} data-tone={line.tone}>
              <LineRow line={line} />
            </li>
          ),
      )}
    </ul>
  );
}
