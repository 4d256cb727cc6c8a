import { type ReactNode, useId } from 'react';
import './field.css';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it. */
  fault?: string | undefined;
  isRequired?: boolean;
  children: (id: string) => ReactNode;
}

/** A field under its name, with what is wrong with it. */
export function Field({ label, hint, fault, isRequired = false, children }: FieldProps) {
  const id = useId();
  return (
    <div className="map-field" data-bad={fault !== undefined}>
      <label htmlFor={id}>
        {label}
        {isRequired && <b aria-hidden="true"> *</b>}
      </label>
      {children(id)}
      {hint && <p className="map-hint">{hint}</p>}
      {fault && (
        <p className="map-field-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** Fields that belong together. */
export function Fields({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="map-fields">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
