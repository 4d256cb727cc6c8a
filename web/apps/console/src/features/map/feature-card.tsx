import { useQuery } from '@tanstack/react-query';
import { featureQuery } from '@yiwang/api/geo-api.ts';
import type { Feature, Layer } from '@yiwang/api/types/geo.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useEffect } from 'react';
import { useSigned } from '../../app/session.tsx';
import { SideSection } from '../../parts/side-pane.tsx';
import { CardPane } from './card-pane.tsx';
import { FeatureActions } from './feature-actions.tsx';
import type { Placing } from './placing.ts';
import type { ThingWords } from './things.ts';

export interface CardProps {
  id: string;
  onClose: () => void;
  /** What is to be marked on the map. */
  onMark: (geometry: GeoJSON.Geometry | undefined) => void;
}

interface FeatureCardProps extends CardProps {
  layer: Layer;
  at: string | undefined;
  words: ThingWords;
  placing: Placing;
}

/** One thing of a layer, as it is or as it was. */
export function FeatureCard({ layer, id, at, words, placing, onClose, onMark }: FeatureCardProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const query = useQuery(featureQuery(layer.code, id, at));
  const feature = query.data;
  const geometry = feature?.geometry;
  useEffect(() => onMark(geometry), [geometry, onMark]);
  const kind = feature?.kind ? words.kind(layer.code, feature.kind) : '';
  const isEditable = can('geo.edit') && layer.is_kept && !at;
  return (
    <CardPane
      title={feature?.name || kind || text(layer.name)}
      onClose={onClose}
      note={
        <>
          <span>{text(layer.name)}</span>
          <span className="yw-mono">{feature?.code ?? id}</span>
          {!layer.verified && (
            <Chip tone="yellow" title={text(layer.source) || t('map.unverifiedHint')}>
              {t('map.unverified')}
            </Chip>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(one) => (
          <>
            {at && <p className="map-past-note">{t('map.card.past', { time: fullTime(at) })}</p>}
            <StateNow feature={one} layer={layer} words={words} />
            {isEditable && <FeatureActions feature={one} layer={layer} placing={placing} onGone={onClose} />}
            <Told feature={one} layer={layer} kind={kind} />
          </>
        )}
      </Loaded>
    </CardPane>
  );
}

function StateNow({ feature, layer, words }: { feature: Feature; layer: Layer; words: ThingWords }) {
  const first = layer.states?.[0]?.code;
  const state = feature.state ?? first;
  if (!state) return null;
  const color = layer.states?.find((one) => one.code === state)?.color;
  return (
    <p className="map-state" data-state={state}>
      <i
        className="layer-swatch"
        data-form="point"
        data-ringed={state !== first}
        style={{ color: color ?? '' }}
      />
      <strong>{words.state(layer.code, state)}</strong>
    </p>
  );
}

function Told({ feature, layer, kind }: { feature: Feature; layer: Layer; kind: string }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const word = (key: string) => t(`map.card.${key}`);
  const attributes = (layer.attributes ?? []).flatMap((one) => {
    const value = feature.attributes[one.code];
    if (value === undefined || value === null || value === '') return [];
    const told = typeof value === 'boolean' ? t(`shell.common.${value ? 'yes' : 'no'}`) : String(value);
    return [
      { label: text(one.name), value: one.unit ? `${told} ${one.unit}` : told, wide: told.length > 14 },
    ];
  });
  const { label } = feature;
  return (
    <>
      <SideSection title={word('identity')}>
        <Facts
          rows={[
            kind && { label: word('kind'), value: kind, wide: true },
            feature.org_name && { label: word('org'), value: feature.org_name, wide: true },
            feature.area && { label: word('area'), value: feature.area_name ?? feature.area, wide: true },
            label && {
              label: word('place'),
              value: <span className="yw-mono">{`${label.lon.toFixed(6)}, ${label.lat.toFixed(6)}`}</span>,
              wide: true,
            },
            feature.secrecy > 1 && {
              label: word('secrecy'),
              value: term('secrecy', String(feature.secrecy)),
            },
          ]}
        />
      </SideSection>
      {attributes.length > 0 && (
        <SideSection title={word('attributes')}>
          <Facts rows={attributes} />
        </SideSection>
      )}
      <SideSection title={word('record')}>
        <Facts
          rows={[
            { label: word('since'), value: fullTime(feature.since), wide: true },
            { label: word('by'), value: feature.updated_by },
            { label: word('version'), value: String(feature.version) },
          ]}
        />
      </SideSection>
    </>
  );
}
