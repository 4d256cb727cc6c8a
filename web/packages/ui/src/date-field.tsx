import { Input } from 'antd';
import { lazy, Suspense } from 'react';

export interface DateFieldProps {
  /** `2026-11-25`, or with time `2026-11-25T17:30`; empty when nothing is chosen. */
  value?: string | undefined;
  onChange?: (value: string) => void;
  withTime?: boolean;
  id?: string;
  label?: string;
  placeholder?: string;
  allowClear?: boolean;
  required?: boolean;
}

const Picker = lazy(() => import('./date-picker.tsx'));

/** A day, or a day and time, the same way in every browser: year first, 24 hours, with its weekday. */
export function DateField(props: DateFieldProps) {
  const { id, label, placeholder } = props;
  // Named while the picker is still on its way, too.
  const waiting = <Input disabled id={id} aria-label={label} placeholder={placeholder} />;
  return (
    <Suspense fallback={waiting}>
      <Picker {...props} />
    </Suspense>
  );
}
