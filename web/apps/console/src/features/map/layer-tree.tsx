import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import { LIGHTS } from '@yiwang/api/types/shared.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Checkbox } from '@yiwang/ui/controls.ts';
import { Light } from '@yiwang/ui/light.tsx';
import type { ReactNode } from 'react';
import { useSigned } from '../../app/session.tsx';
import { SeverityChip } from '../../parts/severity.tsx';
import { ALARMS, CASES } from './map-view.ts';
import type { OwnPoints } from './use-points.ts';

interface TreeProps {
  layers: readonly Layer[];
  shown: readonly string[];
  own: OwnPoints;
  isPast: boolean;
  /** Tiles that did not come, by layer. */
  faults: ReadonlyMap<string, number>;
  onSwitch: (code: string) => void;
  onAll: (code: Layer) => void;
}

/** Layers by their branches; each says what its colours mean and how much of it one may see. */
export function LayerTree(props: TreeProps) {
  const { layers } = props;
  const text = useText();
  const branches = new Map<string, Layer[]>();
  for (const layer of layers) {
    const branch = (layer.branch ?? []).map(text).join(' / ');
    branches.set(branch, [...(branches.get(branch) ?? []), layer]);
  }
  return (
    <div className="layer-tree">
      <OwnBranch {...props} />
      {[...branches].map(([branch, members]) => (
        <section key={branch} aria-label={branch}>
          <h3>{branch}</h3>
          <ul>
            {members.map((layer) => (
              <LayerLine key={layer.code} layer={layer} {...props} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function OwnBranch({ shown, own, isPast, onSwitch }: TreeProps) {
  const t = useT();
  const term = useTerm();
  const { can } = useSigned();
  const lines: [string, boolean, ReactNode][] = [
    [
      CASES,
      can('incident.read'),
      LIGHTS.map((light) => <Light key={light} light={light} label={term('light', light)} />),
    ],
    [ALARMS, can('alerting.read'), SEVERITIES.map((one) => <SeverityChip key={one} severity={one} />)],
  ];
  return (
    <section aria-label={t('map.own.branch')}>
      <h3>{t('map.own.branch')}</h3>
      <ul>
        {lines.map(
          ([code, isAllowed, legend]) =>
            isAllowed && (
              <li key={code} data-layer={code}>
                <Line
                  isOn={shown.includes(code)}
                  name={t(`map.own.${code}`)}
                  count={isPast ? undefined : own.counts[code as 'cases' | 'alarms']}
                  onSwitch={() => onSwitch(code)}
                />
                {shown.includes(code) && (
                  <div className="layer-legend">{isPast ? t('map.past.notKept') : legend}</div>
                )}
              </li>
            ),
        )}
      </ul>
      {own.missing > 0 && !isPast && (
        <p className="layer-note">{t('map.own.missing', { count: own.missing })}</p>
      )}
    </section>
  );
}

function Line({
  isOn,
  name,
  count,
  onSwitch,
  children,
}: {
  isOn: boolean;
  name: string;
  count: number | undefined;
  onSwitch: () => void;
  children?: ReactNode;
}) {
  return (
    <div className="layer-line">
      <Checkbox checked={isOn} onChange={onSwitch}>
        {name}
      </Checkbox>
      {children}
      <span className="layer-count">{count?.toLocaleString('en-US') ?? '–'}</span>
    </div>
  );
}

function LayerLine({ layer, shown, faults, onSwitch, onAll }: TreeProps & { layer: Layer }) {
  const t = useT();
  const text = useText();
  const isOn = shown.includes(layer.code);
  const failed = faults.get(layer.code);
  return (
    <li data-layer={layer.code}>
      <Line isOn={isOn} name={text(layer.name)} count={layer.features} onSwitch={() => onSwitch(layer.code)}>
        {!layer.verified && (
          <Chip tone="yellow" title={layer.source ?? t('map.unverifiedHint')}>
            {t('map.unverified')}
          </Chip>
        )}
      </Line>
      {isOn && layer.features === 0 && <p className="layer-note">{t('map.nothing')}</p>}
      {isOn && layer.features > 0 && (
        <div className="layer-legend">
          <Legend layer={layer} />
          {layer.bounds && (
            <button type="button" className="link-button" onClick={() => onAll(layer)}>
              {t('map.showAll')}
            </button>
          )}
        </div>
      )}
      {isOn && failed !== undefined && (
        <p className="layer-note" data-bad="true" role="status">
          {t('map.tileFaults', { count: failed })}
        </p>
      )}
    </li>
  );
}

function Legend({ layer }: { layer: Layer }) {
  const t = useT();
  const text = useText();
  const states = layer.states ?? [];
  const swatch = (color: string | null | undefined, isRinged = false) => (
    <i
      className="layer-swatch"
      data-form={layer.geometry}
      data-hollow={layer.content === 'devices'}
      data-ringed={isRinged && layer.content !== 'devices'}
      style={{ color: color ?? 'var(--yw-accent)' }}
    />
  );
  return (
    <>
      {layer.cluster && (
        <span>
          <i
            className="layer-swatch"
            data-form="cluster"
            style={{ color: layer.style.color ?? 'var(--yw-accent)' }}
          >
            <b>9</b>
          </i>
          {t('map.cluster')}
        </span>
      )}
      {states.length === 0 && (
        <span>
          {swatch(layer.style.color)}
          {text(layer.name)}
        </span>
      )}
      {states.map((state, at) => (
        <span key={state.code}>
          {swatch(state.color ?? layer.style.color, at > 0)}
          {text(state.name)}
        </span>
      ))}
    </>
  );
}
