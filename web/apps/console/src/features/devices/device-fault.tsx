import { ApiProblem } from '@yiwang/api/client.ts';
import type { ProblemField } from '@yiwang/api/types/shared.ts';
import { type Translate, useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { Alert } from '@yiwang/ui/controls.ts';

/** Somebody else was faster. */
export const isConflict = (fault: unknown): boolean =>
  fault instanceof ApiProblem && fault.code === 'sensing.version_conflict';

const BODY_TOO_LARGE = 413;

/** The words of one fault: which field, and what is wrong with it. */
export function useFieldWords(): (fault: ProblemField) => string {
  const t = useT();
  const known = useKnown();
  return ({ path, code = '', message }) => {
    const field = path.replace(/^\//, '').split('/')[0] ?? '';
    const key = `${field}_${code}`;
    const special = field ? known('devices.fault', key) : key;
    const plain = known('devices.fault', code);
    const words = special !== key ? special : plain !== code ? plain : message || code;
    const told =
      plain !== code && message && NAMES_SOMETHING.has(code)
        ? t('devices.faultOf', { field: words, words: message })
        : words;
    return field ? t('devices.faultOf', { field: labelOf(t, known, field), words: told }) : told;
  };
}

/** Of these the message is what was given, not a sentence. */
const NAMES_SOMETHING = new Set(['unknown_column', 'malformed_json']);

function labelOf(t: Translate, known: (list: string, code: string) => string, field: string): string {
  const label = known('devices.field', field);
  return label === field ? t('devices.fieldNamed', { field }) : label;
}

/** Why something was not done to a device. */
export function DeviceFault({ fault, title }: { fault: unknown; title?: string }) {
  const t = useT();
  const known = useKnown();
  const fieldWords = useFieldWords();
  if (!(fault instanceof ApiProblem)) {
    return fault ? <Alert type="error" showIcon title={String(fault)} /> : null;
  }
  const code = fault.status === BODY_TOO_LARGE ? 'too_large' : fault.code;
  const words = known('devices.problem', code.replace('sensing.', ''));
  const text = words !== code.replace('sensing.', '') ? words : fault.message;
  const fields = (fault.problem.fields ?? []).map(fieldWords);
  return (
    <Alert
      type="error"
      showIcon
      title={title ?? t('devices.failed')}
      description={
        <>
          {fields.length === 0 && text}
          {fields.map((one) => (
            <div key={one}>{one}</div>
          ))}
        </>
      }
    />
  );
}
