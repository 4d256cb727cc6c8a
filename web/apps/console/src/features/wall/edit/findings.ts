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

/** What was found at an option of a widget. */
export const fieldMessage = (findings: readonly ScreenFinding[], field: string): string | undefined =>
  findings.find((finding) => {
    const spot = spotOf(finding.pointer);
    return spot.kind !== 'layout' && spot.field === field;
  })?.message;
