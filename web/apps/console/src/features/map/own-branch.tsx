import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { MovingLegend } from '@yiwang/map/moving/moving-legend.tsx';
import { Light } from '@yiwang/ui/light.tsx';
import type { ReactNode } from 'react';
import { useSigned } from '../../app/session.tsx';
import { SeverityChip } from '../../parts/severity.tsx';
import { Line } from './layer-line.tsx';
import { ALARMS, CASES, FENCES, MOVING } from './map-view.ts';
import type { OwnPoints } from './use-points.ts';

export interface OwnProps {
  shown: readonly string[];
  own: OwnPoints;
  moving: { count: number; isThere: boolean };
  fences: number | undefined;
  isPast: boolean;
  onSwitch: (code: string) => void;
}

interface OwnLine {
  code: string;
  isAllowed: boolean;
  count: number | undefined;
  /** Nothing of it is known of the past. */
  isNow: boolean;
  legend: ReactNode;
}

/** What the console adds to the city's layers: cases, alarms, what moves, and fences. */
export function OwnBranch(props: OwnProps) {
  const { shown, own, isPast, onSwitch } = props;
  const t = useT();
  const lines = useOwnLines(props);
  return (
    <section aria-label={t('map.own.branch')}>
      <h3>{t('map.own.branch')}</h3>
      <ul>
        {lines.map(
          ({ code, isAllowed, count, isNow, legend }) =>
            isAllowed && (
              <li key={code} data-layer={code}>
                <Line
                  isOn={shown.includes(code)}
                  name={t(`map.own.${code}`)}
                  count={isPast && isNow ? undefined : count}
                  onSwitch={() => onSwitch(code)}
                />
                {shown.includes(code) && <div className="layer-legend">{legend}</div>}
              </li>
            ),
        )}
      </ul>
      {own.missing > 0 && <p className="layer-note">{t('map.own.missing', { count: own.missing })}</p>}
    </section>
  );
}

function useOwnLines({ own, moving, fences, isPast }: OwnProps): OwnLine[] {
  const t = useT();
  const term = useTerm();
  const { can } = useSigned();
  return [
    {
      code: CASES,
      isAllowed: can('incident.read'),
      count: own.counts.cases,
      isNow: false,
      legend: isPast
        ? t('map.past.cases')
        : LIGHTS.map((light) => <Light key={light} light={light} label={term('light', light)} />),
    },
    {
      code: ALARMS,
      isAllowed: can('alerting.read'),
      count: own.counts.alarms,
      isNow: false,
      legend: SEVERITIES.map((one) => <SeverityChip key={one} severity={one} />),
    },
    {
      code: MOVING,
      isAllowed: can('sensing.read'),
      count: moving.isThere ? moving.count : undefined,
      isNow: true,
      legend: isPast ? t('map.moving.past') : <MovingLegend side="14px" />,
    },
    {
      code: FENCES,
      isAllowed: can('geo.read'),
      count: fences,
      isNow: false,
      legend: <FenceLegend />,
    },
  ];
}

const FenceLegend = () => {
  const t = useT();
  return (['on', 'off'] as const).map((state) => (
    <span key={state}>
      <i
        className="layer-swatch"
        data-form="area"
        style={{ color: state === 'on' ? 'var(--yw-warn)' : 'var(--yw-light-none)' }}
      />
      {t(`map.fences.legend.${state}`)}
    </span>
  ));
};
