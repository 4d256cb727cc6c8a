import { Input } from '@yiwang/ui/controls.ts';
import { boundOf, type EntryPath, textAt } from './entry-fields.ts';
import { useEntry } from './field-context.ts';

interface TypedFieldProps {
  path: EntryPath;
  label: string;
  hint?: string;
  isWide?: boolean;
  isMono?: boolean;
  /** A number, or the name of a parameter. */
  isBound?: boolean;
  isLocked?: boolean;
}

/** One text of the entry; taken over when it is left or Enter is pressed, so that "0." can be typed on. */
export function TypedField({ path, label, hint, isWide, isMono, isBound, isLocked }: TypedFieldProps) {
  const { entry, change, mayEdit } = useEntry();
  const value = textAt(entry, path);
  const commit = (typed: string) => {
    if (typed !== value) change(path, isBound ? boundOf(typed) : typed.trim() || undefined);
  };
  return (
    <label className="entry-field" data-wide={isWide}>
      <span>{label}</span>
      <Input
        key={value}
        className={isMono || isBound ? 'yw-mono' : ''}
        defaultValue={value}
        {...(hint ? { placeholder: hint } : {})}
        disabled={!mayEdit || Boolean(isLocked)}
        onBlur={(event) => commit(event.target.value)}
        onPressEnter={(event) => commit(event.currentTarget.value)}
      />
    </label>
  );
}
