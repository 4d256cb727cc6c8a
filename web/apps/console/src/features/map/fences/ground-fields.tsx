import { useT } from '@yiwang/i18n/i18n.ts';
import { distance, type Place } from '@yiwang/map/board/geodesy.ts';
import type { Sketch, Tool } from '@yiwang/map/board/sketch.ts';
import { Button, Input, InputNumber, Segmented } from '@yiwang/ui/controls.ts';
import { Field, Fields } from '../shape/field.tsx';
import { placeText, polygonsText, waysText } from '../shape/places-text.ts';
import type { Drawing } from '../use-sketch.ts';
import { type DraftFaults, FENCE_KINDS, type FenceDraft, type FenceKind } from './fence-draft.ts';

interface GroundProps {
  draft: FenceDraft;
  faults: DraftFaults;
  /** What the server says of the plan. */
  refused: string | undefined;
  drawing: Drawing;
  onChange: (change: Partial<FenceDraft>) => void;
  onFit: (() => void) | undefined;
}

const TOOLS: Record<FenceKind, Tool> = { polygon: 'polygon', circle: 'circle', corridor: 'distance' };
const WORDS: Record<FenceKind, string> = { polygon: 'corners', circle: 'centre', corridor: 'ways' };
const RADIUS_DIGITS = 1;

/** What was drawn, as it would be typed. */
function drawnText(kind: FenceKind, { path, ring }: Sketch): Partial<FenceDraft> {
  const [first, second] = path;
  if (kind === 'circle' && first && second)
    return { text: placeText(first), size: Number(distance(first, second).toFixed(RADIUS_DIGITS)) };
  if (kind === 'polygon' && ring) return { text: polygonsText([[ring as Place[]]]) };
  return kind === 'corridor' ? { text: waysText([path]) } : {};
}

/** Where the fence is: drawn on the map, or typed. */
export function GroundFields({ draft, faults, refused, drawing, onChange, onFit }: GroundProps) {
  const t = useT();
  const form = (key: string, values?: Record<string, unknown>) => t(`map.fences.form.${key}`, values);
  const { kind, text, size } = draft;
  const tool = TOOLS[kind];
  const ground = faults.ground && form(`wrong.${faults.ground.key}`, faults.ground.values);
  const take = (next: FenceKind) => {
    drawing.end();
    onChange({ kind: next, text: '' });
  };
  return (
    <Fields title={form('shape')}>
      <Segmented
        block
        size="small"
        aria-label={form('kind')}
        value={kind}
        options={FENCE_KINDS.map((one) => ({ value: one, label: t(`map.fences.kinds.${one}`) }))}
        onChange={(next) => take(next as FenceKind)}
      />
      <div className="toolbar">
        <Button
          size="small"
          type={drawing.tool ? 'primary' : 'default'}
          aria-pressed={drawing.tool !== undefined}
          onClick={() =>
            drawing.tool ? drawing.end() : drawing.begin(tool, (sketch) => onChange(drawnText(kind, sketch)))
          }
        >
          {form(text ? 'redraw' : 'draw')}
        </Button>
        <Button size="small" disabled={!onFit} onClick={onFit}>
          {form('fit')}
        </Button>
      </div>
      {drawing.tool && (
        <p className="map-hint" role="status">
          {form('drawing', { hint: t(`map.tools.${drawing.tool}Hint`) })}
        </p>
      )}
      <Field label={form(WORDS[kind])} hint={form(`${WORDS[kind]}Hint`)} fault={ground ?? refused} isRequired>
        {(id) => (
          <Input.TextArea
            id={id}
            value={text}
            autoSize={{ minRows: kind === 'circle' ? 1 : 4, maxRows: 10 }}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        )}
      </Field>
      {kind !== 'polygon' && (
        <Field
          label={form(kind === 'circle' ? 'radius' : 'half')}
          fault={faults.size && form('wrong.size')}
          isRequired
        >
          {(id) => <InputNumber id={id} min={0} value={size} onChange={(next) => onChange({ size: next })} />}
        </Field>
      )}
    </Fields>
  );
}
