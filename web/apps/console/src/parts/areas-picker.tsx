import { useQueries } from '@tanstack/react-query';
import { areasQuery } from '@yiwang/api/catalog-api.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { useSigned } from '../app/session.tsx';

interface AreasPickerProps {
  value?: string[];
  onChange?: (codes: string[]) => void;
  id?: string;
  label: string;
  placeholder: string;
}

const LEVELS = [2, 3, 4];

/** Several areas by name or code. Who may not read the list types codes. */
export function AreasPicker({ value = [], onChange, id, label, placeholder }: AreasPickerProps) {
  const { can } = useSigned();
  const mayRead = can('catalog.read');
  const levels = useQueries({ queries: LEVELS.map((level) => ({ ...areasQuery(level), enabled: mayRead })) });
  const options = levels.flatMap((level) =>
    (level.data ?? []).map((area) => ({ value: area.code, label: `${area.name} ${area.code}` })),
  );
  return (
    <Select
      mode={mayRead ? 'multiple' : 'tags'}
      allowClear
      {...(id ? { id } : {})}
      aria-label={label}
      placeholder={placeholder}
      style={{ width: '100%' }}
      value={value}
      onChange={(codes: string[]) => onChange?.(codes)}
      showSearch={{ optionFilterProp: 'label' }}
      options={options.sort((a, b) => a.value.localeCompare(b.value))}
    />
  );
}
