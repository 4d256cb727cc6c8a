import type { LayerAttribute } from '@yiwang/api/types/geo.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Input, Select } from '@yiwang/ui/controls.ts';
import { DateField } from '@yiwang/ui/date-field.tsx';
import { Field, Fields } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import type { FactProps } from './fact-fields.tsx';

/** What the layer declares of its features. */
export function AttributeFields({ layer, draft, fault, onChange }: FactProps) {
  const t = useT();
  const text = useText();
  const attributes = layer.attributes ?? [];
  if (attributes.length === 0) return null;
  return (
    <Fields title={t('map.draw.attributes')}>
      {attributes.map((one) => (
        <Field
          key={one.code}
          label={one.unit ? `${text(one.name)} (${one.unit})` : text(one.name)}
          isRequired={one.required ?? false}
          fault={serverFault(fault, `/attributes/${one.code}`)}
        >
          {(id) => (
            <ValueField
              id={id}
              attribute={one}
              value={draft.attributes[one.code]}
              onChange={(value) => onChange({ attributes: { ...draft.attributes, [one.code]: value } })}
            />
          )}
        </Field>
      ))}
    </Fields>
  );
}

interface ValueProps {
  id: string;
  attribute: LayerAttribute;
  value: string | boolean | undefined;
  onChange: (value: string | boolean | undefined) => void;
}

function ValueField({ id, attribute, value, onChange }: ValueProps) {
  const t = useT();
  const text = useText();
  const typed = typeof value === 'string' ? value : '';
  if (attribute.kind === 'flag')
    return (
      <Select
        id={id}
        allowClear
        value={value === undefined ? undefined : String(value)}
        options={['true', 'false'].map((one) => ({
          value: one,
          label: t(`shell.common.${one === 'true' ? 'yes' : 'no'}`),
        }))}
        onChange={(next: string | undefined) => onChange(next === undefined ? undefined : next === 'true')}
      />
    );
  if (attribute.kind === 'date')
    return (
      <DateField
        id={id}
        allowClear
        label={text(attribute.name)}
        value={typed}
        onChange={(day) => onChange(day)}
      />
    );
  return (
    <Input
      id={id}
      value={typed}
      inputMode={attribute.kind === 'number' ? 'decimal' : 'text'}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
