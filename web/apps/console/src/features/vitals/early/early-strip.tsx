import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EarlyWarning } from '@yiwang/api/types/vitals.ts';
import { earlyWarningsQuery } from '@yiwang/api/vitals-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { shortTime } from '@yiwang/i18n/time.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { useNow } from '../../../app/use-now.ts';
import { IndicatorLink } from '../indicator-link.tsx';
import { useAreaName } from '../use-names.ts';
import { isPassed, openOf } from './warnings.ts';
import './early.css';

const SHOWN_MAX = 3;

/** How many indicators are about to cross a limit, and the nearest of them; a line of the overview. */
export function EarlyStrip({ area }: { area: string | undefined }) {
  const t = useT();
  const { data, error, isPending } = useQuery(earlyWarningsQuery(area));
  const now = useNow();
  const open = data ? openOf(data, now) : [];
  const words = data ? t('vitals.early.none') : t(error ? 'vitals.early.missing' : 'shell.states.loading');
  return (
    <section className="early-strip yw-panel" aria-label={t('vitals.early.open')} data-busy={isPending}>
      <h2>
        {t('vitals.early.open')}
        {data && ` · ${open.length}`}
      </h2>
      {open.length > 0 ? (
        <ul>
          {open.slice(0, SHOWN_MAX).map((warning) => (
            <Near key={warning.id} warning={warning} />
          ))}
        </ul>
      ) : (
        <span className="yw-dim">{words}</span>
      )}
      <Link to="/vitals/warnings" search={{ area }}>
        {t('vitals.early.all')}
      </Link>
    </section>
  );
}

function Near({ warning }: { warning: EarlyWarning }) {
  const t = useT();
  const text = useText();
  const now = useNow();
  const areaName = useAreaName();
  const { indicator, area, grade, expected_at } = warning;
  return (
    <li>
      <GradeLamp
        state={grade}
        label={t('vitals.early.becomes', { grade: t(`vitals.state.${grade}`) })}
        isBare
      />
      <IndicatorLink code={indicator} area={area}>
        {text(warning.name)}
      </IndicatorLink>
      <span className="yw-dim">
        {areaName(area)} ·{' '}
        {isPassed(warning, now)
          ? t('vitals.early.passed')
          : t('vitals.early.expected', { time: shortTime(expected_at, now) })}
      </span>
    </li>
  );
}
