import { useQuery } from '@tanstack/react-query';
import type { VitalsOverview } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { overviewQuery } from '../data/vitals.ts';
import { figureOf, toneOfLamp } from '../parts/figures.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { numberOption, textOption, type WidgetProps } from '../widget.ts';
import './index-dial.css';

/** Seven eighths of a ring, open below. */
const SWEEP = 270;
const RADIUS = 88;

function arc(share: number): string {
  const angle = (degrees: number) => ((degrees + 135) * Math.PI) / 180;
  const point = (degrees: number) =>
    `${(100 + RADIUS * Math.cos(angle(degrees))).toFixed(2)} ${(100 + RADIUS * Math.sin(angle(degrees))).toFixed(2)}`;
  const swept = SWEEP * Math.min(1, Math.max(0.001, share));
  return `M${point(0)}A${RADIUS} ${RADIUS} 0 ${swept > 180 ? 1 : 0} 1 ${point(swept)}`;
}

/** The health index of an area, and what takes most away from it. */
export default function IndexDial({ title, options }: WidgetProps) {
  const t = useT();
  const area = textOption(options, 'area');
  const query = useQuery(overviewQuery(area));
  const { data } = query;
  const name = title ?? (data ? t('wall.index.of', { area: data.name }) : t('wall.kinds.index'));
  return (
    <Frame title={name} reads={[query]} asOf={data?.computed_at}>
      {data && <Index overview={data} area={area} reasons={numberOption(options, 'reasons', 3)} />}
    </Frame>
  );
}

function Index(props: { overview: VitalsOverview; area: string | undefined; reasons: number }) {
  const { overview, area, reasons } = props;
  const t = useT();
  const text = useText();
  const { explain } = useSetting();
  const tone = toneOfLamp(overview.lamp);
  const score = overview.score ?? undefined;
  const lampWords = t(`wall.lamp.${overview.lamp ?? 'none'}`);
  return (
    <div className="ww-index" data-tone={tone}>
      <button
        type="button"
        className="ww-press ww-index-dial"
        onClick={() => explain({ kind: 'index', area })}
      >
        <span className="yw-visually-hidden">
          {`${t('wall.kinds.index')} ${figureOf(score, 1)} ${lampWords}`}
        </span>
        <svg viewBox="0 0 200 178" aria-hidden="true">
          <path d={arc(1)} className="ww-index-ring" />
          {score !== undefined && <path d={arc(score / 100)} className="ww-index-score" />}
          <text x="100" y="116" className="ww-index-figure">
            {figureOf(score, 1)}
          </text>
          <text x="100" y="150" className="ww-index-lamp">
            {lampWords}
          </text>
        </svg>
      </button>
      <ol className="ww-index-reasons">
        {overview.reasons.slice(0, reasons).map((reason) => (
          <li key={reason.code}>
            <button
              type="button"
              className="ww-press"
              onClick={() => explain({ kind: 'indicator', code: reason.code, area })}
            >
              <span>{text(reason.name)}</span>
              <strong>−{figureOf(reason.loss, 1)}</strong>
            </button>
          </li>
        ))}
        {overview.reasons.length === 0 && (
          <li className="ww-index-none">
            {t(score === undefined ? 'wall.index.noScore' : 'wall.index.noReasons')}
          </li>
        )}
        {overview.grey_share > 0 && (
          <li className="ww-index-grey">
            <Mark tone="stale" /> {t('wall.index.grey', { percent: figureOf(overview.grey_share * 100) })}
          </li>
        )}
      </ol>
    </div>
  );
}
