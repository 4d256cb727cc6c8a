import type { FenceRules } from '@yiwang/api/types/fence.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Checkbox, InputNumber } from '@yiwang/ui/controls.ts';
import { Field, Fields } from '../shape/field.tsx';
import { ScheduleFields } from './schedule-fields.tsx';

interface RuleProps {
  rules: FenceRules;
  fault: string | undefined;
  onChange: (rules: FenceRules) => void;
}

/** What is told of who comes, stays, goes or is too fast. */
export function RuleFields({ rules, fault, onChange }: RuleProps) {
  const t = useT();
  const form = (key: string) => t(`map.fences.form.${key}`);
  const { overspeed, off_route: off } = rules;
  const put = (change: Partial<FenceRules>) => onChange({ ...rules, ...change });
  return (
    <Fields title={form('rules')}>
      <div className="toolbar">
        <Checkbox checked={rules.enter ?? false} onChange={(event) => put({ enter: event.target.checked })}>
          {form('enter')}
        </Checkbox>
        <Checkbox checked={rules.leave ?? false} onChange={(event) => put({ leave: event.target.checked })}>
          {form('leave')}
        </Checkbox>
      </div>
      <div className="map-field-pair">
        <NumberField
          label={form('dwell')}
          value={rules.dwell_seconds}
          onChange={(dwell_seconds) => put({ dwell_seconds })}
        />
        <NumberField
          label={form('silent')}
          value={rules.silent_seconds}
          onChange={(silent_seconds) => put({ silent_seconds })}
        />
        <NumberField
          label={form('kmh')}
          value={overspeed?.kmh}
          onChange={(kmh) => put({ overspeed: kmh === null ? null : { ...overspeed, kmh } })}
        />
        <NumberField
          label={form('kmhSeconds')}
          isOff={!overspeed}
          value={overspeed?.seconds}
          onChange={(seconds) =>
            overspeed && put({ overspeed: { kmh: overspeed.kmh, ...(seconds === null ? {} : { seconds }) } })
          }
        />
        <NumberField
          label={form('offMetres')}
          value={off?.metres}
          onChange={(metres) => put({ off_route: { ...off, metres } })}
        />
        <NumberField
          label={form('offSeconds')}
          value={off?.seconds}
          onChange={(seconds) => put({ off_route: { ...off, seconds } })}
        />
      </div>
      <ScheduleFields
        title={form('forbidden')}
        value={rules.forbidden}
        fault={fault}
        onChange={(forbidden) => put({ forbidden })}
      />
    </Fields>
  );
}

interface NumberProps {
  label: string;
  value: number | null | undefined;
  isOff?: boolean;
  onChange: (value: number | null) => void;
}

export function NumberField({ label, value, isOff = false, onChange }: NumberProps) {
  return (
    <Field label={label}>
      {(id) => (
        <InputNumber
          id={id}
          size="small"
          min={0}
          disabled={isOff}
          value={value ?? null}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
