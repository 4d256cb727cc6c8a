import { useQuery } from '@tanstack/react-query';
import { areasQuery } from '@yiwang/api/catalog-api.ts';
import { layersQuery } from '@yiwang/api/geo-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Input, InputNumber, Select, Switch } from '@yiwang/ui/controls.ts';
import { indicatorsQuery } from '@yiwang/widgets/data/vitals.ts';
import type { Field } from '@yiwang/widgets/options.ts';
import { useEffect, useState } from 'react';

interface FieldProps<F extends Field = Field> {
  field: F;
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** The control of an option. */
export function OptionField(props: FieldProps) {
  const { field } = props;
  switch (field.type) {
    case 'area':
    case 'areas':
      return <Areas {...props} isMany={field.type === 'areas'} />;
    case 'indicator':
    case 'indicators':
      return <Indicators {...props} isMany={field.type === 'indicators'} />;
    case 'layers':
      return <Layers {...props} />;
    case 'number':
      return <Whole {...props} field={field} />;
    case 'flag':
      return (
        <Switch
          aria-label={props.label}
          checked={props.value === true}
          onChange={(on) => props.onChange(on)}
        />
      );
    case 'choice':
    case 'choices':
      return <Choice {...props} field={field} />;
    case 'text':
      return (
        <Input
          aria-label={props.label}
          maxLength={field.max}
          value={typeof props.value === 'string' ? props.value : ''}
          onChange={(event) => props.onChange(event.target.value)}
        />
      );
    case 'words':
      return <Words {...props} max={field.max} />;
    case 'place':
      return <Placed {...props} />;
    case 'filter':
      return <Filter {...props} />;
  }
}

const byLabel = { showSearch: { optionFilterProp: 'label' } } as const;

interface OfList {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  isMany: boolean;
  options: { value: string; label: string }[];
}

function OfList({ label, value, onChange, isMany, options }: OfList) {
  return (
    <Select
      {...byLabel}
      {...(isMany ? { mode: 'multiple' as const } : {})}
      allowClear
      aria-label={label}
      style={{ width: '100%' }}
      value={value as string}
      options={options}
      onChange={(next: unknown) => onChange(Array.isArray(next) && next.length === 0 ? undefined : next)}
    />
  );
}

function Areas(props: FieldProps & { isMany: boolean }) {
  const { data } = useQuery(areasQuery(2));
  const options = (data ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return <OfList {...props} options={options} />;
}

function Indicators(props: FieldProps & { isMany: boolean }) {
  const text = useText();
  const { data } = useQuery(indicatorsQuery(undefined));
  const options = (data ?? []).map(({ code, name }) => ({ value: code, label: `${code} ${text(name)}` }));
  return <OfList {...props} options={options} />;
}

function Layers(props: FieldProps) {
  const text = useText();
  const { data } = useQuery(layersQuery);
  const options = (data ?? []).map(({ code, name }) => ({ value: code, label: text(name) }));
  return <OfList {...props} isMany options={options} />;
}

function Whole({ field, label, value, onChange }: FieldProps<Extract<Field, { type: 'number' }>>) {
  return (
    <InputNumber
      aria-label={label}
      min={field.min}
      max={field.max}
      placeholder={String(field.usual)}
      value={typeof value === 'number' ? value : null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function Choice(props: FieldProps<Extract<Field, { type: 'choice' | 'choices' }>>) {
  const t = useT();
  const { field } = props;
  const options = field.of.map((one) => ({ value: one, label: t(`wall.edit.choice.${one}`) }));
  return <OfList {...props} isMany={field.type === 'choices'} options={options} />;
}

function Words({ label, value, onChange, max }: FieldProps & { max: number }) {
  const t = useT();
  const { zh = '', en = '' } = (value ?? {}) as { zh?: string; en?: string };
  const put = (next: { zh: string; en: string }) =>
    onChange(next.zh ? (next.en ? next : { zh: next.zh }) : undefined);
  return (
    <>
      <Input.TextArea
        aria-label={label}
        autoSize={{ minRows: 2 }}
        maxLength={max}
        value={zh}
        onChange={(event) => put({ zh: event.target.value, en })}
      />
      <Input.TextArea
        aria-label={`${label} (en)`}
        placeholder={t('wall.edit.enTitle')}
        autoSize
        maxLength={max}
        value={en}
        onChange={(event) => put({ zh, en: event.target.value })}
      />
    </>
  );
}

/** Text that becomes a value once it can be read as one. */
function useTyped(written: string): [string, (text: string) => void] {
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  return [text, setText];
}

function Placed({ label, value, onChange }: FieldProps) {
  const place = value as { lon: number; lat: number } | undefined;
  const [text, setText] = useTyped(place ? `${place.lon}, ${place.lat}` : '');
  const [lon, lat] = text.split(/[,，\s]+/).map(Number);
  const isGood = lon !== undefined && lat !== undefined && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  const take = () => onChange(text.trim() === '' ? undefined : isGood ? { lon, lat } : value);
  return (
    <Input
      aria-label={label}
      status={text.trim() === '' || isGood ? '' : 'error'}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
    />
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function Filter({ label, value, onChange }: FieldProps) {
  const [text, setText] = useTyped(value ? JSON.stringify(value) : '');
  const filter = parsed(text);
  return (
    <Input
      aria-label={label}
      className="yw-mono"
      placeholder='{"state":"overdue"}'
      status={text.trim() === '' || filter ? '' : 'error'}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onChange(text.trim() === '' ? undefined : (filter ?? value))}
    />
  );
}
