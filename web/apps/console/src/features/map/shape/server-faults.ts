import { ApiProblem } from '@yiwang/api/client.ts';

/** What the server says of a field, by its path: `/name`. */
export function serverFault(fault: unknown, path: string): string | undefined {
  const fields = fault instanceof ApiProblem ? (fault.problem.fields ?? []) : [];
  const found = fields.filter((field) => field.path === path).map(({ message }) => message);
  return found.length > 0 ? found.join('; ') : undefined;
}
