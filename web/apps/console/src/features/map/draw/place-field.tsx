import type { LayerGeometry } from '@yiwang/api/types/geo.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import type { Board } from '@yiwang/map/board/board.ts';
import type { Place } from '@yiwang/map/board/geodesy.ts';
import { Button, Input } from '@yiwang/ui/controls.ts';
import { useEffect } from 'react';
import type { Placing } from '../placing.ts';
import { Field } from '../shape/field.tsx';
import { type PlacesFault, placeText, polygonsText, readPlace, waysText } from '../shape/places-text.ts';
import type { Drawing } from '../use-sketch.ts';

interface PlaceFieldProps {
  geometry: LayerGeometry;
  text: string;
  fault: PlacesFault | undefined;
  refused: string | undefined;
  board: Board | undefined;
  drawing: Drawing;
  placing: Placing;
  onChange: (text: string) => void;
}

/** Where the feature is: a pin, points or corners, drawn on the map or typed. */
export function PlaceField(props: PlaceFieldProps) {
  const { geometry, text, fault, refused, onChange } = props;
  const t = useT();
  const word = geometry === 'point' ? 'place' : 'path';
  const wrong = fault && t(`map.fences.form.wrong.${fault.key}`, fault.values);
  return (
    <>
      {geometry === 'point' ? <Pin {...props} /> : <Draw {...props} />}
      <Field
        label={t(`map.draw.${word}`)}
        hint={t(`map.draw.${word}Hint`)}
        fault={wrong ?? refused}
        isRequired
      >
        {(id) => (
          <Input.TextArea
            id={id}
            value={text}
            autoSize={{ minRows: geometry === 'point' ? 1 : 4, maxRows: 10 }}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}

/** A pin that is dragged, or put where one clicks. */
function Pin({ text, board, placing, onChange }: PlaceFieldProps) {
  const t = useT();
  const { place, set } = placing;
  useEffect(() => () => set(undefined), [set]);
  const [lon, lat] = place ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the pin does changes the text
  useEffect(() => {
    if (lon !== undefined && lat !== undefined) onChange(placeText([lon, lat]));
  }, [lon, lat]);
  const begin = () => {
    const { lon: east, lat: north } = board?.camera ?? { lon: 0, lat: 0 };
    set(readPlace(text).value ?? [east, north]);
  };
  return (
    <div className="toolbar">
      <Button
        size="small"
        type={place ? 'primary' : 'default'}
        aria-pressed={place !== undefined}
        onClick={() => (place ? set(undefined) : begin())}
      >
        {t('map.draw.pick')}
      </Button>
      {place && (
        <p className="map-hint" role="status">
          {t('map.draw.picking')}
        </p>
      )}
    </div>
  );
}

function Draw({ geometry, drawing, onChange }: PlaceFieldProps) {
  const t = useT();
  const tool = geometry === 'line' ? 'distance' : 'polygon';
  const { end } = drawing;
  useEffect(() => end, [end]);
  return (
    <div className="toolbar">
      <Button
        size="small"
        type={drawing.tool ? 'primary' : 'default'}
        aria-pressed={drawing.tool !== undefined}
        onClick={() =>
          drawing.tool
            ? end()
            : drawing.begin(tool, ({ path, ring }) =>
                onChange(geometry === 'line' ? waysText([path]) : polygonsText([[(ring ?? []) as Place[]]])),
              )
        }
      >
        {t('map.draw.draw')}
      </Button>
      {drawing.tool && (
        <p className="map-hint" role="status">
          {t(`map.tools.${drawing.tool}Hint`)}
        </p>
      )}
    </div>
  );
}
