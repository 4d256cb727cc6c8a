import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { useSigned } from '../../app/session.tsx';
import { Line } from './layer-line.tsx';
import type { MapForm } from './map-view.ts';
import { OwnBranch, type OwnProps } from './own-branch.tsx';

interface TreeProps extends OwnProps {
  layers: readonly Layer[];
  /** Tiles that did not come, by layer. */
  faults: ReadonlyMap<string, number>;
  onAll: (code: Layer) => void;
  onForm: (form: MapForm) => void;
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

function LayerLine({ layer, shown, faults, isPast, onSwitch, onAll, onForm }: TreeProps & { layer: Layer }) {
  const t = useT();
  const text = useText();
  const isOn = shown.includes(layer.code);
  const failed = faults.get(layer.code);
  const { can } = useSigned();
  const isEditable = isOn && layer.is_kept && !isPast && can('geo.edit');
  return (
    <li data-layer={layer.code}>
      <Line isOn={isOn} name={text(layer.name)} count={layer.features} onSwitch={() => onSwitch(layer.code)}>
        {!layer.verified && (
          <Chip tone="yellow" title={text(layer.source) || t('map.unverifiedHint')}>
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
      {isEditable && <LayerActs layer={layer} onForm={onForm} />}
      {isOn && failed !== undefined && (
        <p className="layer-note" data-bad="true" role="status">
          {t('map.tileFaults', { count: failed })}
        </p>
      )}
    </li>
  );
}

/** What may be done in a layer that is changed here. */
function LayerActs({ layer, onForm }: { layer: Layer; onForm: (form: MapForm) => void }) {
  const t = useT();
  const text = useText();
  const act = (what: 'feature' | 'import', words: string, label: string) => (
    <button
      type="button"
      className="link-button"
      aria-label={t(label, { layer: text(layer.name) })}
      onClick={() => onForm({ what, of: layer.code })}
    >
      {t(words)}
    </button>
  );
  return (
    <div className="layer-legend">
      {act('feature', 'map.draw.add', 'map.draw.addTo')}
      {act('import', 'map.imports.open', 'map.imports.openFor')}
    </div>
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
