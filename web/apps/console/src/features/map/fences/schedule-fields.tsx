import {
  FENCE_WEEKDAYS,
  type FenceDays,
  type FenceHours,
  type FenceSchedule,
  type FenceWeekday,
} from '@yiwang/api/types/fence.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input, InputNumber, Select } from '@yiwang/ui/controls.ts';
import { CloseOutlined, PlusOutlined } from '@yiwang/ui/icons.ts';
import { Field } from '../shape/field.tsx';

interface ScheduleProps {
  title: string;
  hint?: string;
  value: FenceSchedule | null | undefined;
  fault: string | undefined;
  onChange: (schedule: FenceSchedule) => void;
}

const NEW: FenceHours = { days: 'all', from: '22:00', to: '06:00' };

/** Hours on some days; none is all the time. */
export function ScheduleFields({ title, hint, value, fault, onChange }: ScheduleProps) {
  const t = useT();
  const form = (key: string) => t(`map.fences.form.${key}`);
  const hours = value?.hours ?? [];
  const put = (next: FenceHours[]) => onChange({ ...value, hours: next });
  return (
    <fieldset className="fence-schedule">
      <legend>{title}</legend>
      {hours.map((one, at) => (
        <HoursLine
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have no name but their place
          key={at}
          hours={one}
          onChange={(next) => put(hours.map((old, index) => (index === at ? next : old)))}
          onDrop={() => put(hours.filter((_, index) => index !== at))}
        />
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => put([...hours, NEW])}>
        {form('addHours')}
      </Button>
      <p className="map-hint">{hours.length > 0 ? form('hoursHint') : hint}</p>
      {fault && (
        <p className="map-field-fault" role="alert">
          {form(`wrong.${fault}`)}
        </p>
      )}
      {hours.length > 0 && (
        <Field label={form('offset')}>
          {(id) => (
            <InputNumber
              id={id}
              size="small"
              placeholder="480"
              value={value?.utc_offset_minutes ?? null}
              onChange={(next) => onChange({ hours, ...(next === null ? {} : { utc_offset_minutes: next }) })}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}

const KINDS = ['all', 'worked', 'rest', 'weekdays'] as const;
type Kind = (typeof KINDS)[number];
const WORKDAYS: FenceWeekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const daysOf = (kind: Kind): FenceDays => (kind === 'weekdays' ? { weekdays: WORKDAYS } : kind);

function HoursLine({
  hours,
  onChange,
  onDrop,
}: {
  hours: FenceHours;
  onChange: (hours: FenceHours) => void;
  onDrop: () => void;
}) {
  const t = useT();
  const form = (key: string) => t(`map.fences.form.${key}`);
  const { days = 'all', from, to } = hours;
  const kind: Kind = typeof days === 'object' ? 'weekdays' : days;
  return (
    <div className="fence-hours">
      <Select
        size="small"
        aria-label={form('days')}
        value={kind}
        options={KINDS.map((one) => ({ value: one, label: t(`map.fences.days.${one}`) }))}
        onChange={(next: Kind) => onChange({ ...hours, days: daysOf(next) })}
      />
      <Input
        size="small"
        aria-label={form('hoursFrom')}
        value={from}
        onChange={(event) => onChange({ ...hours, from: event.target.value })}
      />
      <Input
        size="small"
        aria-label={form('hoursTo')}
        value={to}
        onChange={(event) => onChange({ ...hours, to: event.target.value })}
      />
      <Button
        size="small"
        type="text"
        icon={<CloseOutlined />}
        aria-label={form('dropHours')}
        onClick={onDrop}
      />
      {typeof days === 'object' && (
        <Select
          mode="multiple"
          size="small"
          className="fence-weekdays"
          aria-label={form('weekdays')}
          value={days.weekdays}
          options={FENCE_WEEKDAYS.map((day) => ({ value: day, label: t(`map.fences.days.${day}`) }))}
          onChange={(weekdays) =>
            onChange({ ...hours, days: { weekdays: FENCE_WEEKDAYS.filter((day) => weekdays.includes(day)) } })
          }
        />
      )}
    </div>
  );
}
