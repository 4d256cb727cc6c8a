import { useQuery } from '@tanstack/react-query';
import { alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input } from '@yiwang/ui/controls.ts';
import { CloseOutlined, PlusOutlined } from '@yiwang/ui/icons.ts';
import { useSigned } from '../../../app/session.tsx';
import { ATTRIBUTES_MAX, type AttributeRow, namesRead, rowFaults } from './attributes.ts';

interface AttributesFieldProps {
  value?: AttributeRow[];
  onChange?: (rows: AttributeRow[]) => void;
  id?: string;
  profile: string | undefined;
}

/** Figures of the device's own. Those that rules read are offered by their names. */
export function AttributesField({ value = [], onChange, id, profile }: AttributesFieldProps) {
  const t = useT();
  const { can } = useSigned();
  const rules = useQuery({ ...alarmRulesQuery, enabled: can('alerting.read') });
  const word = (key: string, values?: Record<string, unknown>) => t(`devices.attributes.${key}`, values);
  const read = namesRead(rules.data ?? [], profile);
  const missing = read.filter((name) => !value.some((row) => row.name.trim() === name));
  const faults = rowFaults(value);
  const set = (at: number, change: Partial<AttributeRow>) =>
    onChange?.(value.map((row, index) => (index === at ? { ...row, ...change } : row)));
  const add = (name: string) => onChange?.([...value, { name, text: '' }]);
  return (
    <div className="attribute-rows" id={id}>
      {value.map((row, at) => {
        const nameLabel = word('nameOf', { n: at + 1 });
        const valueLabel = row.name.trim() ? word('valueOf', { name: row.name.trim() }) : word('value');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place
          <div key={at} className="attribute-row">
            <Input
              aria-label={nameLabel}
              placeholder={word('name')}
              className="yw-mono"
              maxLength={64}
              value={row.name}
              status={faults[at] && faults[at] !== 'empty' ? 'error' : ''}
              onChange={(event) => set(at, { name: event.target.value })}
            />
            <Input
              aria-label={valueLabel}
              placeholder={word('value')}
              maxLength={500}
              value={row.text}
              status={faults[at] === 'empty' ? 'error' : ''}
              onChange={(event) => set(at, { text: event.target.value })}
            />
            <Button
              type="text"
              aria-label={`${t('shell.common.remove')} ${row.name}`}
              icon={<CloseOutlined />}
              onClick={() => onChange?.(value.filter((_, index) => index !== at))}
            />
          </div>
        );
      })}
      <div className="toolbar">
        <Button
          size="small"
          icon={<PlusOutlined />}
          disabled={value.length >= ATTRIBUTES_MAX}
          onClick={() => add('')}
        >
          {word('add')}
        </Button>
        {missing.length > 0 && <span className="yw-dim">{word('read')}</span>}
        {missing.map((name) => (
          <Button key={name} size="small" className="yw-mono" onClick={() => add(name)}>
            + {name}
          </Button>
        ))}
      </div>
    </div>
  );
}
