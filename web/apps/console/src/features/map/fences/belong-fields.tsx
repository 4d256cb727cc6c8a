import { useT, useTerm } from '@yiwang/i18n/i18n.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { AreaPicker } from '../../../parts/area-picker.tsx';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { Field, Fields } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import type { FenceDraft } from './fence-draft.ts';

const LEVELS = [1, 2, 3, 4];

interface BelongProps {
  draft: Pick<FenceDraft, 'org' | 'area' | 'secrecy'>;
  fault: unknown;
  onChange: (change: Partial<FenceDraft>) => void;
}

/** Whose it is: rights go by it. */
export function BelongFields({ draft, fault, onChange }: BelongProps) {
  const t = useT();
  const term = useTerm();
  const form = (key: string) => t(`map.fences.form.${key}`);
  return (
    <Fields title={form('belongs')}>
      <p className="map-hint">{form('belongsHint')}</p>
      <Field label={form('org')} fault={serverFault(fault, '/org')}>
        {(id) => (
          <OrgPicker
            id={id}
            by="code"
            label={form('org')}
            value={draft.org}
            onChange={(org) => onChange({ org })}
          />
        )}
      </Field>
      <Field label={form('area')} fault={serverFault(fault, '/area')}>
        {(id) => (
          <AreaPicker
            id={id}
            label={form('area')}
            value={draft.area}
            onChange={(area) => onChange({ area })}
          />
        )}
      </Field>
      <Field label={form('secrecy')} fault={serverFault(fault, '/secrecy')}>
        {(id) => (
          <Select
            id={id}
            size="small"
            value={draft.secrecy}
            options={LEVELS.map((level) => ({ value: level, label: term('secrecy', String(level)) }))}
            onChange={(secrecy) => onChange({ secrecy })}
          />
        )}
      </Field>
    </Fields>
  );
}
