import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import type { FencePlan } from '@yiwang/api/types/fence.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { instantOf, localOf } from '@yiwang/i18n/time.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { useSigned } from '../../../app/session.tsx';
import { DevicePicker } from '../../../parts/device-picker.tsx';
import { Field, Fields } from '../shape/field.tsx';
import { NumberField } from './rule-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';

type Plan = Omit<FencePlan, 'outline'>;

interface PlanProps {
  plan: Plan;
  onChange: (plan: Plan) => void;
}

/** For whom the fence is. */
export function ConcernFields({ plan, onChange }: PlanProps) {
  const t = useT();
  const text = useText();
  const { can } = useSigned();
  const profiles = useQuery({ ...profilesQuery, enabled: can('sensing.read') }).data ?? [];
  const form = (key: string) => t(`map.fences.form.${key}`);
  const { concerns = {} } = plan;
  return (
    <Fields title={form('concerns')}>
      <Field label={form('tags')} hint={form('tagsHint')}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            size="small"
            value={concerns.tags ?? []}
            tokenSeparators={[',', '，', ' ']}
            options={profiles.map(({ code, name }) => ({ value: code, label: `${text(name)} ${code}` }))}
            onChange={(tags: string[]) => onChange({ ...plan, concerns: { ...concerns, tags } })}
          />
        )}
      </Field>
      <Field label={form('objects')}>
        {(id) => (
          <DevicePicker
            id={id}
            label={form('objects')}
            value={concerns.objects ?? []}
            onChange={(objects) => onChange({ ...plan, concerns: { ...concerns, objects } })}
          />
        )}
      </Field>
    </Fields>
  );
}

/** When it is in force. */
export function WhenFields({ plan, fault, onChange }: PlanProps & { fault: string | undefined }) {
  const t = useT();
  const form = (key: string) => t(`map.fences.form.${key}`);
  const day = (key: 'from' | 'until') => (
    <Field label={form(key)}>
      {(id) => (
        <DateField
          id={id}
          withTime
          allowClear
          label={form(key)}
          value={plan[key] ? localOf(plan[key]) : undefined}
          onChange={(local) => onChange({ ...plan, [key]: local ? instantOf(local) : null })}
        />
      )}
    </Field>
  );
  return (
    <Fields title={form('when')}>
      <ScheduleFields
        title={form('schedule')}
        hint={form('scheduleHint')}
        value={plan.schedule}
        fault={fault}
        onChange={(schedule) => onChange({ ...plan, schedule })}
      />
      {day('from')}
      {day('until')}
    </Fields>
  );
}

/** When a change of side counts. */
export function BorderFields({ plan, onChange }: PlanProps) {
  const t = useT();
  const form = (key: string) => t(`map.fences.form.${key}`);
  const { border = {} } = plan;
  const figure = (key: 'hysteresis_m' | 'fixes_min' | 'seconds_min', label: string, usual: number) => (
    <NumberField
      label={form(label)}
      value={border[key] ?? usual}
      onChange={(value) => onChange({ ...plan, border: { ...border, [key]: value ?? usual } })}
    />
  );
  return (
    <Fields title={form('border')}>
      {figure('hysteresis_m', 'hysteresis', 20)}
      <div className="map-field-pair">
        {figure('fixes_min', 'fixes', 1)}
        {figure('seconds_min', 'seconds', 0)}
      </div>
    </Fields>
  );
}
