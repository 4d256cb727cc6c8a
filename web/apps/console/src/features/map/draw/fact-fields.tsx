import { useQuery } from '@tanstack/react-query';
import { codesetQuery } from '@yiwang/api/catalog-api.ts';
import type { Layer } from '@yiwang/api/types/geo.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { Input, Select } from '@yiwang/ui/controls.ts';
import { SearchSelect } from '@yiwang/ui/search-select.tsx';
import { useSigned } from '../../../app/session.tsx';
import { AreaPicker } from '../../../parts/area-picker.tsx';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { Field, Fields } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import type { FeatureDraft } from './feature-draft.ts';

export interface FactProps {
  layer: Layer;
  draft: FeatureDraft;
  fault: unknown;
  onChange: (change: Partial<FeatureDraft>) => void;
}

const LEVELS = [1, 2, 3, 4];

/** What every feature has: code, name, kind, state, owner. */
export function FactFields({ layer, draft, fault, onChange }: FactProps) {
  const t = useT();
  const text = useText();
  const word = (key: string) => t(`map.draw.${key}`);
  const refused = (path: string) => serverFault(fault, path);
  const states = layer.states ?? [];
  const isComponent = layer.content === 'components';
  return (
    <Fields title={t('map.card.identity')}>
      <Field
        label={word('code')}
        hint={isComponent ? word('codeComponent') : undefined}
        fault={refused('/code')}
        isRequired={isComponent}
      >
        {(id) => (
          <Input id={id} value={draft.code} onChange={(event) => onChange({ code: event.target.value })} />
        )}
      </Field>
      <Field label={word('name')} fault={refused('/name')}>
        {(id) => (
          <Input id={id} value={draft.name} onChange={(event) => onChange({ name: event.target.value })} />
        )}
      </Field>
      {layer.codeset && !isComponent && (
        <Field label={word('kind')} fault={refused('/kind')}>
          {(id) => (
            <KindPicker
              id={id}
              codeset={layer.codeset as string}
              value={draft.kind}
              onChange={(kind) => onChange({ kind })}
            />
          )}
        </Field>
      )}
      {states.length > 0 && (
        <Field label={word('state')} fault={refused('/state')}>
          {(id) => (
            <Select
              id={id}
              value={draft.state ?? states[0]?.code ?? null}
              options={states.map(({ code, name }) => ({ value: code, label: text(name) }))}
              onChange={(state: string) => onChange({ state })}
            />
          )}
        </Field>
      )}
      <OwnerFields {...{ layer, draft, fault, onChange }} />
    </Fields>
  );
}

/** Whose it is and where it belongs: rights go by it. */
function OwnerFields({ draft, fault, onChange }: FactProps) {
  const t = useT();
  const term = useTerm();
  const word = (key: string) => t(`map.draw.${key}`);
  return (
    <>
      <Field label={word('org')} fault={serverFault(fault, '/org')}>
        {(id) => (
          <OrgPicker
            id={id}
            by="code"
            label={word('org')}
            value={draft.org}
            onChange={(org) => onChange({ org })}
          />
        )}
      </Field>
      <Field label={word('area')} hint={word('areaHint')} fault={serverFault(fault, '/area')}>
        {(id) => (
          <AreaPicker
            id={id}
            label={word('area')}
            value={draft.area}
            onChange={(area) => onChange({ area })}
          />
        )}
      </Field>
      <Field label={word('secrecy')} fault={serverFault(fault, '/secrecy')}>
        {(id) => (
          <Select
            id={id}
            value={draft.secrecy}
            options={LEVELS.map((level) => ({ value: level, label: term('secrecy', String(level)) }))}
            onChange={(secrecy: number) => onChange({ secrecy })}
          />
        )}
      </Field>
    </>
  );
}

interface KindProps {
  id: string;
  codeset: string;
  value: string | undefined;
  onChange: (kind: string | undefined) => void;
}

/** A kind of the layer's code set; who may not read code sets types its code. */
function KindPicker({ id, codeset, value, onChange }: KindProps) {
  const text = useText();
  const { can } = useSigned();
  const mayRead = can('catalog.read');
  const entries = useQuery({ ...codesetQuery(codeset), enabled: mayRead }).data?.entries ?? [];
  if (!mayRead)
    return <Input id={id} value={value} onChange={(event) => onChange(event.target.value || undefined)} />;
  const options = entries.map(({ code, name }) => ({
    value: code,
    label: `${text(name)} ${code}`,
    search: `${text(name)} ${code}`,
  }));
  return (
    <SearchSelect
      id={id}
      allowClear
      value={value}
      options={options}
      showSearch={{
        filterOption: (input, option) => (option?.search ?? '').includes(input.trim()),
      }}
      onChange={(next) => onChange(next as string | undefined)}
    />
  );
}
