import type { ScreenFinding } from '@yiwang/api/types/screen.ts';

/** Where in the editor a finding belongs. */
export type Spot =
  | { kind: 'widget'; index: number; field: string | undefined }
  | { kind: 'layout'; key: string }
  | { kind: 'screen'; field: string | undefined };

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** The place that a JSON pointer into a screen names. */
export function spotOf(pointer: string): Spot {
  const [head, second, third, fourth] = pointer.split('/').slice(1).map(unescaped);
  if (head === 'widgets' && second !== undefined && /^\d+$/.test(second))
    return { kind: 'widget', index: Number(second), field: third === 'options' ? fourth : third };
  if (head === 'layouts' && second !== undefined) return { kind: 'layout', key: second };
  return { kind: 'screen', field: head || undefined };
}

export const findingsOfWidget = (findings: readonly ScreenFinding[], index: number): ScreenFinding[] =>
  findings.filter((finding) => {
    const spot = spotOf(finding.pointer);
    return spot.kind === 'widget' && spot.index === index;
  });

/** An option that is not there has no pointer: it is named in the message alone. */
const missingField = ({ message }: ScreenFinding): string | undefined =>
  /^missing field `(\w+)`/.exec(message)?.[1];

/** The field of a widget or of the screen that a finding is about; nothing where it is about the whole. */
export function fieldOf(finding: ScreenFinding): string | undefined {
  const spot = spotOf(finding.pointer);
  return spot.kind === 'layout' ? undefined : (spot.field ?? missingField(finding));
}

/** What was found at a field. */
export const findingAt = (findings: readonly ScreenFinding[], field: string): ScreenFinding | undefined =>
  findings.find((finding) => spotOf(finding.pointer).kind !== 'layout' && fieldOf(finding) === field);

/** The part of a code that has words: `screens.out_of_range` is of the domain of screens. */
export const wordOf = (finding: ScreenFinding): string =>
  missingField(finding) ? 'missing' : finding.code.replace(/^screens\./, '');
