import { useQuery } from '@tanstack/react-query';
import type { VitalDomain } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { overviewQuery } from '../data/vitals.ts';
import { figureOf, toneOfLamp } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { useSize } from '../parts/use-size.ts';
import { WayLink } from '../parts/way-link.tsx';
import { textOption, type WidgetProps } from '../widget.ts';
import './lamps.css';

/** The domains of a city as lamps, each with its score and what is wrong in it. */
export default function Lamps({ title, options }: WidgetProps) {
  const t = useT();
  const area = textOption(options, 'area');
  const query = useQuery(overviewQuery(area));
  const domains = query.data?.domains ?? [];
  return (
    <Frame
      title={title ?? t('wall.kinds.lamps')}
      reads={[query]}
      isEmpty={domains.length === 0}
      asOf={query.data?.computed_at}
    >
      <Cards domains={domains} area={area} />
    </Frame>
  );
}

/** Cards lower than this, in units, have smaller letters. */
const LOW_UNITS = 56;

function Cards({ domains, area }: { domains: readonly VitalDomain[]; area: string | undefined }) {
  const { unit } = useSetting();
  const [host, size] = useSize<HTMLUListElement>();
  const rows = host.current ? getComputedStyle(host.current).gridTemplateRows.split(' ').length : 1;
  const height = (size?.height ?? Number.POSITIVE_INFINITY) / rows / unit;
  return (
    <ul ref={host} className="ww-lamps" data-low={height < LOW_UNITS}>
      {domains.map((domain) => (
        <Domain key={domain.code} domain={domain} area={area} />
      ))}
    </ul>
  );
}

/** The worst that any of its numbers is, where the domain has no score of its own. */
function worstOf({ counts, lamp }: VitalDomain) {
  if (lamp) return toneOfLamp(lamp);
  if (counts.alarm > 0) return 'alarm';
  if (counts.warning > 0) return 'warning';
  if (counts.attention > 0) return 'attention';
  return counts.normal > 0 ? 'normal' : 'stale';
}

function Domain({ domain, area }: { domain: VitalDomain; area: string | undefined }) {
  const t = useT();
  const text = useText();
  const tone = worstOf(domain);
  const { counts } = domain;
  // The two worst: of the others the list of the domain tells.
  const wrong = (['alarm', 'warning', 'attention'] as const).filter((grade) => counts[grade] > 0).slice(0, 2);
  return (
    <li data-tone={tone}>
      <WayLink
        way={{ to: '/vitals/indicators', search: { domain: domain.code, area } }}
        className="ww-lamp-card"
      >
        <span className="ww-lamp-name">{text(domain.name)}</span>
        <span className="ww-lamp-score">
          <Mark tone={tone} />
          <strong>{figureOf(domain.score)}</strong>
        </span>
        <span className="ww-lamp-counts">
          {wrong.map((grade) => (
            <span key={grade} data-tone={grade}>
              <Mark tone={grade} words={t(`wall.tone.${grade}`)} />
              {counts[grade]}
            </span>
          ))}
          {wrong.length === 0 && counts.stale > 0 && (
            <span data-tone="stale">
              <Mark tone="stale" />
              {counts.stale}
            </span>
          )}
        </span>
      </WayLink>
    </li>
  );
}
