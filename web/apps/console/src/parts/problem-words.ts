import { ApiProblem } from '@yiwang/api/client.ts';

/** Why something was not done, with the fields at fault. */
export function problemWords(fault: unknown): string {
  if (!(fault instanceof ApiProblem)) return String(fault);
  const fields = (fault.problem.fields ?? []).map(
    ({ path, name, message }) => `${(name ?? path).replace(/^\//, '')}: ${message}`,
  );
  return [fault.message, ...fields].join(' · ');
}
