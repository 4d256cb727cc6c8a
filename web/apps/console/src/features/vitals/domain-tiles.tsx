import type { VitalDomain, VitalsOverview } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { IndicatorsLink } from './indicator-link.tsx';
import { percentIn, scoreIn } from './values.ts';
import './domain-tiles.css';

interface TilesProps {
  overview: VitalsOverview;
  chosen: string | undefined;
  onPick: (code: string) => void;
}

/** The twelve domains: lamp, score, how many stand how. */
export function DomainTiles({ overview, chosen, onPick }: TilesProps) {
  const t = useT();
  return (
    <section className="vitals-domains" aria-label={t('vitals.domains')}>
      {overview.domains.map((domain) => (
        <Tile key={domain.code} domain={domain} isChosen={chosen === domain.code} onPick={onPick} />
      ))}
    </section>
  );
}

interface TileProps {
  domain: VitalDomain;
  isChosen: boolean;
  onPick: (code: string) => void;
}

const COUNTED = ['alarm', 'warning', 'attention', 'normal', 'stale'] as const;

function Tile({ domain, isChosen, onPick }: TileProps) {
  const t = useT();
  const text = useText();
  const { code, counts, lamp, score, weight, grey_share: grey } = domain;
  const known = COUNTED.filter((state) => counts[state] > 0);
  return (
    <div className="vitals-tile" data-lamp={lamp ?? 'none'} data-chosen={isChosen}>
      <button type="button" aria-pressed={isChosen} onClick={() => onPick(code)}>
        <span className="vitals-tile-name">{text(domain.name)}</span>
        <span className="vitals-tile-score">
          <strong>{scoreIn(score)}</strong>
          <GradeLamp state={lamp} />
        </span>
      </button>
      <span className="vitals-tile-counts">
        {known.map((state) => (
          <IndicatorsLink key={state} filter={{ domain: code, state }} title={t(`vitals.state.${state}`)}>
            <GradeLamp state={state} label={`${t(`vitals.state.${state}`)} ${counts[state]}`} isBare />
            <span aria-hidden="true">{counts[state]}</span>
          </IndicatorsLink>
        ))}
        {known.length === 0 && <span className="yw-dim">{t('vitals.tile.nothing')}</span>}
      </span>
      <span className="vitals-tile-foot">
        {weight > 0 ? t('vitals.tile.weight', { share: percentIn(weight) }) : t('vitals.tile.noWeight')}
        {grey > 0 && ` · ${t('vitals.tile.grey', { share: percentIn(grey) })}`}
      </span>
    </div>
  );
}
