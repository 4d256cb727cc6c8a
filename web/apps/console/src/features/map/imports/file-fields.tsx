import { EPSG_FIRST, EPSG_LAST, SYSTEMS } from '@yiwang/api/types/layer-import.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input, InputNumber, Radio, Select } from '@yiwang/ui/controls.ts';
import { useRef } from 'react';
import { OrgPicker } from '../../../parts/org-picker.tsx';
import { Field } from '../shape/field.tsx';
import { serverFault } from '../shape/server-faults.ts';
import { COLUMNS, type FileSetting } from './file-setting.ts';

interface FileFieldsProps {
  setting: FileSetting;
  fault: unknown;
  onChange: (change: Partial<FileSetting>) => void;
}

const ACCEPT = '.json,.geojson,.zip,.gpkg,.csv,.txt';

/** The file, its coordinate system, and what else must be known to read it. */
export function FileFields({ setting, fault, onChange }: FileFieldsProps) {
  const t = useT();
  const word = (key: string) => t(`map.imports.${key}`);
  const systems = [...SYSTEMS, 'epsg'].map((one) => ({ value: one, label: word(`systems.${one}`) }));
  return (
    <>
      <FilePick file={setting.file} onFile={(file) => onChange({ file })} />
      <div className="map-field-pair">
        <Field
          label={word('system')}
          hint={word('systemHint')}
          fault={serverFault(fault, '/system')}
          isRequired
        >
          {(id) => (
            <Select
              id={id}
              value={setting.system ?? null}
              placeholder={word('systemPick')}
              options={systems}
              onChange={(system: string) => onChange({ system })}
            />
          )}
        </Field>
        {setting.system === 'epsg' && (
          <Field label={word('epsg')} hint={word('epsgHint')} isRequired>
            {(id) => (
              <InputNumber
                id={id}
                min={EPSG_FIRST}
                max={EPSG_LAST}
                precision={0}
                controls={false}
                value={setting.epsg}
                onChange={(epsg) => onChange({ epsg })}
              />
            )}
          </Field>
        )}
        <Field label={word('owner')} fault={serverFault(fault, '/owner')}>
          {(id) => (
            <OrgPicker
              id={id}
              by="code"
              label={word('owner')}
              value={setting.owner}
              onChange={(owner) => onChange({ owner })}
            />
          )}
        </Field>
      </div>
      <Radio.Group
        aria-label={word('existing')}
        value={setting.existing}
        options={(['refuse', 'replace'] as const).map((one) => ({
          value: one,
          label: `${word('existing')}: ${word(one)}`,
        }))}
        onChange={(event) => onChange({ existing: event.target.value as FileSetting['existing'] })}
      />
      <MoreFields {...{ setting, fault, onChange }} />
    </>
  );
}

function FilePick({ file, onFile }: { file: File | undefined; onFile: (file: File | undefined) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="toolbar">
      <Button onClick={() => input.current?.click()}>{t('map.imports.choose')}</Button>
      <input
        ref={input}
        type="file"
        className="import-file"
        aria-label={t('map.imports.file')}
        tabIndex={-1}
        accept={ACCEPT}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          // The same file may be chosen again, mended.
          event.target.value = '';
        }}
      />
      {file && (
        <strong>
          {file.name} · {(file.size / 1024).toFixed(1)} KiB
        </strong>
      )}
      <span className="yw-dim">{t('map.imports.fileHint')}</span>
    </div>
  );
}

/** What is found by itself as a rule. */
function MoreFields({ setting, onChange }: FileFieldsProps) {
  const t = useT();
  const word = (key: string) => t(`map.imports.${key}`);
  const { columns } = setting;
  return (
    <details className="import-more">
      <summary>{word('more')}</summary>
      <div className="import-columns">
        {(['encoding', 'table'] as const).map((key) => (
          <Field key={key} label={word(key)} hint={key === 'encoding' ? word('encodingHint') : undefined}>
            {(id) => (
              <Input
                id={id}
                size="small"
                value={setting[key]}
                onChange={(event) => onChange({ [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {COLUMNS.map((column) => (
          <Field key={column} label={word(column)}>
            {(id) => (
              <Input
                id={id}
                size="small"
                value={columns[column] ?? ''}
                onChange={(event) => onChange({ columns: { ...columns, [column]: event.target.value } })}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="map-hint">{word('columnHint')}</p>
    </details>
  );
}
