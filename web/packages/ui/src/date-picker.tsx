import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { DateFieldProps } from './date-field.tsx';

// The first is shown, with its weekday; any of them may be typed.
const DAYS = ['YYYY-MM-DD ddd', 'YYYY-MM-DD', 'YYYY-M-D', 'YYYYMMDD'];
const MINUTES = ['YYYY-MM-DD HH:mm ddd', 'YYYY-MM-DD HH:mm', 'YYYY-M-D H:mm', 'YYYYMMDD HHmm'];

/** The picker behind `DateField`; its own chunk, since most pages show none. */
export default function Picker({ value, onChange, withTime = false, label, ...rest }: DateFieldProps) {
  return (
    <DatePicker
      {...rest}
      aria-label={label}
      style={{ width: '100%' }}
      value={value ? dayjs(value) : null}
      format={withTime ? MINUTES : DAYS}
      showTime={withTime ? { format: 'HH:mm' } : false}
      needConfirm={false}
      onChange={(at) => onChange?.(at ? at.format(withTime ? 'YYYY-MM-DDTHH:mm' : 'YYYY-MM-DD') : '')}
    />
  );
}
