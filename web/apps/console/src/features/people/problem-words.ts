import { ApiProblem } from '@yiwang/api/client.ts';

/** What the server said, with the fields that it named. */
export function problemWords(fault: unknown): string {
  if (!(fault instanceof ApiProblem)) return String(fault);
  const fields = (fault.problem.fields ?? []).map(
    (field) => `${field.path.replace(/^\//, '')}: ${field.message}`,
  );
  return [fault.message, ...fields].join(' · ');
}
