import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@yiwang/api/client.ts';
import { featureApi, geoKeys } from '@yiwang/api/geo-api.ts';
import type { Feature, Layer, UpdateFeature } from '@yiwang/api/types/geo.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { distance, type Place } from '@yiwang/map/board/geodesy.ts';
import { Alert, App, Button, Popconfirm, Select } from '@yiwang/ui/controls.ts';
import { useEffect, useState } from 'react';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { metresWords } from './measure-words.ts';
import type { Placing } from './placing.ts';

const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code.endsWith('version_conflict');

interface ActionsProps {
  feature: Feature;
  layer: Layer;
  placing: Placing;
  onGone: () => void;
}

/** Changes of a thing; each names the version that was seen. */
export function FeatureActions({ feature, layer, placing, onGone }: ActionsProps) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = geoKeys.feature(layer.code, String(feature.number));
  const onError = async (fault: unknown) => {
    // It is told of only once the thing is shown as it stands now.
    if (isConflict(fault)) await client.invalidateQueries({ queryKey: key });
  };
  const update = useMutation({
    mutationFn: (body: UpdateFeature) => featureApi.update(feature, body),
    onSuccess: (fresh) => {
      client.setQueryData([...key, undefined], fresh);
      placing.set(undefined);
      void message.success(t('map.edit.done'));
    },
    onError,
  });
  const remove = useMutation({
    mutationFn: () => featureApi.remove(feature),
    onSuccess: () => {
      void message.success(t('map.edit.removed'));
      onGone();
    },
    onError,
  });
  const fault = update.error ?? remove.error;
  const isBusy = update.isPending || remove.isPending;
  return (
    <section className="map-actions" aria-label={t('map.edit.label')}>
      {(layer.states ?? []).length > 0 && (
        <StateField
          key={`${feature.version}`}
          feature={feature}
          layer={layer}
          isBusy={isBusy}
          onSave={(state) => update.mutate({ state })}
        />
      )}
      <div className="toolbar">
        {layer.geometry === 'point' && (
          <Move
            feature={feature}
            placing={placing}
            isBusy={isBusy}
            onSave={(geometry) => update.mutate({ geometry })}
          />
        )}
        {!placing.place && (
          <Popconfirm
            title={t('map.edit.removeSure')}
            description={t('map.edit.removeHint')}
            okText={t('map.edit.remove')}
            okButtonProps={{ danger: true }}
            cancelText={t('shell.common.cancel')}
            onConfirm={() => remove.mutate()}
          >
            <Button danger size="small" disabled={isBusy}>
              {t('map.edit.remove')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {isConflict(fault) ? (
        <Alert
          type="warning"
          showIcon
          title={t('map.edit.conflict')}
          description={t('map.edit.conflictHint')}
        />
      ) : (
        <ProblemNote fault={fault} title={t('map.edit.failed')} />
      )}
    </section>
  );
}

function StateField({
  feature,
  layer,
  isBusy,
  onSave,
}: {
  feature: Feature;
  layer: Layer;
  isBusy: boolean;
  onSave: (state: string) => void;
}) {
  const t = useT();
  const text = useText();
  const states = layer.states ?? [];
  const now = feature.state ?? states[0]?.code ?? '';
  const [state, setState] = useState(now);
  return (
    <div className="toolbar">
      <label htmlFor="feature-state">{t('map.edit.state')}</label>
      <Select
        id="feature-state"
        size="small"
        className="map-state-field"
        value={state}
        options={states.map((one) => ({ value: one.code, label: text(one.name) }))}
        onChange={setState}
      />
      <Button
        size="small"
        type="primary"
        disabled={state === now || isBusy}
        loading={isBusy}
        onClick={() => onSave(state)}
      >
        {t('map.edit.save')}
      </Button>
    </div>
  );
}

function Move({
  feature,
  placing,
  isBusy,
  onSave,
}: {
  feature: Feature;
  placing: Placing;
  isBusy: boolean;
  onSave: (geometry: GeoJSON.Point) => void;
}) {
  const t = useT();
  const { place, set } = placing;
  useEffect(() => () => set(undefined), [set]);
  if (feature.geometry.type !== 'Point') return null;
  const from = feature.geometry.coordinates as Place;
  if (!place)
    return (
      <Button size="small" disabled={isBusy} onClick={() => set(from)}>
        {t('map.edit.move')}
      </Button>
    );
  const metres = distance(from, place);
  return (
    <>
      <p className="map-hint" role="status">
        {t('map.edit.moveHint')} {t('map.edit.moved', { distance: metresWords(metres) })}
      </p>
      <Button
        size="small"
        type="primary"
        disabled={metres < 0.05 || isBusy}
        onClick={() => onSave({ type: 'Point', coordinates: place })}
      >
        {t('map.edit.moveHere')}
      </Button>
      <Button size="small" onClick={() => set(undefined)}>
        {t('shell.common.cancel')}
      </Button>
    </>
  );
}
