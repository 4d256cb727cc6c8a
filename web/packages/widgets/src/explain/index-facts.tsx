import { useQuery } from '@tanstack/react-query';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { overviewQuery } from '../data/vitals.ts';
import { figureOf, toneOfLamp } from '../parts/figures.ts';
import { Mark } from '../parts/mark.tsx';
import { WayLink } from '../parts/way-link.tsx';
import { FactRow, Unread } from './facts.tsx';

/** How the health index is made, and of what. */
export function IndexFacts({ area }: { area: string | undefined }) {
  const t = useT();
  const text = useText();
  const query = useQuery(overviewQuery(area));
  const { data } = query;
  if (!data) return <Unread read={query} name={t('wall.kinds.index')} />;
  const tone = toneOfLamp(data.lamp);
  return (
    <>
      <h2>{t('wall.index.of', { area: data.name })}</h2>
      <p className="ww-explain-value" data-tone={tone}>
        <Mark tone={tone} />
        <strong>{figureOf(data.score, 1)}</strong>
        <em>{t(`wall.lamp.${data.lamp ?? 'none'}`)}</em>
      </p>
      <dl className="ww-explain-facts">
        <FactRow label={t('wall.explain.formula')}>{t('wall.explain.indexFormula')}</FactRow>
        <FactRow label={t('wall.explain.weights')}>
          {data.domains
            .filter((domain) => domain.weight > 0)
            .map((domain) => `${text(domain.name)} ${figureOf(domain.weight * 100)}%`)
            .join('，')}
        </FactRow>
        <FactRow label={t('wall.explain.grey')}>{figureOf(data.grey_share * 100)}%</FactRow>
        <FactRow label={t('wall.explain.at')}>
          {data.computed_at ? fullTime(data.computed_at) : t('wall.explain.never')}
        </FactRow>
        <FactRow label={t('wall.explain.verified')}>
          {t(data.weights_verified ? 'wall.explain.isVerified' : 'wall.explain.weightsNotVerified', {
            date: data.weights_from,
          })}
        </FactRow>
      </dl>
      <div className="ww-explain-ways">
        <WayLink way={{ to: '/vitals', search: { area } }}>{t('wall.explain.open.index')}</WayLink>
      </div>
    </>
  );
}
