import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, intentKey } from '@yiwang/api/client.ts';
import { featureApi, geoKeys } from '@yiwang/api/geo-api.ts';
import type { CreateFeature, Layer } from '@yiwang/api/types/geo.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import { App, Button } from '@yiwang/ui/controls.ts';
import { Empty, Forbidden } from '@yiwang/ui/states.tsx';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { ProblemNote } from '../../../parts/problem-note.tsx';
import { CardPane } from '../card-pane.tsx';
import type { Placing } from '../placing.ts';
import { Fields } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import type { ThingWords } from '../things.ts';
import type { Drawing } from '../use-sketch.ts';
import { AttributeFields } from './attribute-fields.tsx';
import { FactFields } from './fact-fields.tsx';
import { EMPTY_FEATURE, type FeatureDraft, featureOf, geometryOf } from './feature-draft.ts';
import { PlaceField } from './place-field.tsx';

interface FeaturePaneProps {
  layer: Layer | undefined;
  board: Board | undefined;
  drawing: Drawing;
  placing: Placing;
  words: ThingWords;
  onMark: (geometry: GeoJSON.Geometry | undefined) => void;
  onSaved: (number: number) => void;
  onClose: () => void;
}

/** A feature is drawn in a layer that may be changed here. */
export default function FeaturePane({ layer, ...rest }: FeaturePaneProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const form = () => {
    if (!layer) return <Empty text={t('map.draw.gone')} />;
    if (!can('geo.edit') || !layer.is_kept) return <Forbidden />;
    return <FeatureForm {...rest} layer={layer} />;
  };
  return (
    <CardPane title={t('map.draw.title', { layer: text(layer?.name) })} onClose={rest.onClose}>
      {form()}
    </CardPane>
  );
}

type FormProps = Omit<FeaturePaneProps, 'layer'> & { layer: Layer };

function useCreate({ layer, onSaved }: FormProps) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const intent = useRef(intentKey());
  return useMutation({
    mutationFn: (body: CreateFeature) => featureApi.create(layer.code, body, intent.current),
    onSuccess: ({ number }) => {
      void message.success(t('map.draw.saved'));
      void client.invalidateQueries({ queryKey: geoKeys.layers, exact: true });
      onSaved(number);
    },
    // What was refused is mended and sent as another intent.
    onError: (fault) => {
      if (fault instanceof ApiProblem && fault.status > 0) intent.current = intentKey();
    },
  });
}

function FeatureForm(props: FormProps) {
  const { layer, board, drawing, placing, onMark, onClose } = props;
  const t = useT();
  const [draft, setDraft] = useState<FeatureDraft>(EMPTY_FEATURE);
  const [isTried, setTried] = useState(false);
  const create = useCreate(props);
  const read = useMemo(() => geometryOf(layer.geometry, draft.text), [layer.geometry, draft.text]);
  const geometry = read.value;
  // A pin that is being moved is mark enough.
  useEffect(() => onMark(placing.place ? undefined : geometry), [geometry, onMark, placing.place]);
  const change = (next: Partial<FeatureDraft>) => setDraft((old) => ({ ...old, ...next }));
  const fault = create.error;
  const save = () => {
    setTried(true);
    const body = featureOf(layer, draft);
    if (body) create.mutate(body);
  };
  return (
    <form
      className="map-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Fields title={t('map.draw.where')}>
        <PlaceField
          {...{ board, drawing, placing }}
          geometry={layer.geometry}
          text={draft.text}
          fault={isTried ? read.fault : undefined}
          refused={serverFault(fault, '/geometry')}
          onChange={(text) => change({ text })}
        />
      </Fields>
      <FactFields {...{ layer, draft, fault }} onChange={change} />
      <AttributeFields {...{ layer, draft, fault }} onChange={change} />
      <ProblemNote fault={fault} title={t('map.draw.failed')} />
      <div className="map-form-foot">
        <Button onClick={onClose}>{t('shell.common.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('map.draw.save')}
        </Button>
      </div>
    </form>
  );
}
