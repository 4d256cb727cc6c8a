import { Link } from '@tanstack/react-router';
import type { ScreenRow } from '@yiwang/api/types/screen.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { civil } from '@yiwang/i18n/time.ts';
import { useSeconds } from '@yiwang/widgets/parts/use-clock.ts';
import { useSigned } from '../../app/session.tsx';

interface WallBarProps {
  rows: readonly ScreenRow[];
  code: string;
  onShow: (code: string, change?: Record<string, string | undefined>) => void;
}

const ROTATE = '30';

/** Above a screen that somebody sits before: which one, and what may be done with it. */
export function WallBar({ rows, code, onShow }: WallBarProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const { date, time, seconds } = civil(useSeconds());
  const row = rows.find((one) => one.code === code);
  const fill = () => {
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
  };
  return (
    <header className="wall-bar">
      <Link to="/" className="wall-bar-back" aria-label={t('wall.screen.back')}>
        ‹
      </Link>
      <h1>{row ? text(row.title) : code}</h1>
      <nav aria-label={t('wall.screen.menu')}>
        {rows.length > 1 &&
          rows.map((one) => (
            <button
              key={one.code}
              type="button"
              aria-current={one.code === code ? 'page' : undefined}
              onClick={() => onShow(one.code)}
            >
              {text(one.title)}
            </button>
          ))}
      </nav>
      <time dateTime={`${date}T${time}:${seconds}+08:00`}>
        {date} <strong>{time}</strong>:{seconds}
      </time>
      <span className="wall-bar-acts">
        {can('screens.edit') && (
          <Link to={`/wall/${encodeURIComponent(code)}/edit` as string}>{t('wall.screen.edit')}</Link>
        )}
        <button type="button" onClick={fill}>
          {t('wall.screen.full')}
        </button>
        <button type="button" onClick={() => onShow(code, { kiosk: '1', rotate: ROTATE })}>
          {t('wall.screen.kiosk')}
        </button>
      </span>
    </header>
  );
}

/** Said over a screen to which nothing fresh has come. */
export function StaleLine({ since }: { since: number }) {
  const t = useT();
  return (
    <p className="wall-stale" role="status">
      {t('wall.screen.stale', { time: civil(since).time })}
    </p>
  );
}
