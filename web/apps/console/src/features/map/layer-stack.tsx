import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { DownOutlined, UpOutlined } from '@yiwang/ui/icons.ts';
import type { ThingWords } from './things.ts';
import type { MapViewState } from './use-map-view.ts';

const GEOMETRIES: readonly Layer['geometry'][] = ['point', 'line', 'area'];
const STEP = 5;

interface StackProps {
  layers: readonly Layer[];
  view: MapViewState;
  words: ThingWords;
}

/** What is drawn: which of its kind lies above which, and how much of it is seen. */
export function LayerStack({ layers, view, words }: StackProps) {
  const t = useT();
  const kinds = GEOMETRIES.map((geometry) =>
    view.order.filter((code) => layers.some((layer) => layer.code === code && layer.geometry === geometry)),
  ).filter((codes) => codes.length > 0);
  if (kinds.length === 0) return null;
  return (
    <details className="layer-stack">
      <summary>{t('map.stack.title')}</summary>
      <p className="layer-note">{t('map.stack.hint')}</p>
      {kinds.map((codes) => (
        <ol key={codes[0]}>
          {codes.map((code) => (
            <StackLine key={code} code={code} like={codes} name={words.layer(code)} view={view} />
          ))}
        </ol>
      ))}
    </details>
  );
}

interface LineProps {
  code: string;
  /** Those of its kind, the uppermost first. */
  like: readonly string[];
  name: string;
  view: MapViewState;
}

function StackLine({ code, like, name, view }: LineProps) {
  const t = useT();
  const part = view.opacity.get(code) ?? 100;
  const move = (way: 1 | -1) => view.restack(like, code, way);
  return (
    <li data-layer={code}>
      <span>{name}</span>
      <input
        type="range"
        min={0}
        max={100}
        step={STEP}
        value={part}
        aria-label={t('map.stack.opacity', { layer: name })}
        aria-valuetext={`${part}%`}
        onChange={(event) => view.setOpacity(code, Number(event.target.value))}
      />
      <output>{part}%</output>
      <Button
        size="small"
        type="text"
        icon={<UpOutlined />}
        aria-label={t('map.stack.up', { layer: name })}
        disabled={like[0] === code}
        onClick={() => move(-1)}
      />
      <Button
        size="small"
        type="text"
        icon={<DownOutlined />}
        aria-label={t('map.stack.down', { layer: name })}
        disabled={like.at(-1) === code}
        onClick={() => move(1)}
      />
    </li>
  );
}
