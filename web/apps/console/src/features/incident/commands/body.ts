import type { ClockView, IncidentDetail, TaskView } from '@yiwang/api/types/incident.ts';
import type { Text } from '@yiwang/api/types/shared.ts';
import type { Field } from './specs.ts';

export type Values = Record<string, unknown>;

/** Whether a field is asked for, given what is filled in. */
export function isAsked(field: Field, values: Values): boolean {
  return !field.when || field.when.is.includes(values[field.when.field]);
}

/** The tasks that a task field can mean. */
export function tasksFor(field: Field & { kind: 'task' }, tasks: readonly TaskView[]): TaskView[] {
  return tasks.filter(
    (task) => field.statuses.includes(task.status) && (!field.roles || field.roles.includes(task.role)),
  );
}

/** The task that is most likely meant: one's own, the lead's, the only one. */
function likelyTask(tasks: readonly TaskView[], isOwn: (orgId: string) => boolean): TaskView | undefined {
  const own = tasks.filter((task) => isOwn(task.org.id));
  const among = own.length > 0 ? own : tasks;
  return among.find((task) => task.role === 'lead') ?? (among.length === 1 ? among[0] : undefined);
}

/** What stands in the form at first: what leaves no choice is chosen. */
export function initialValues(
  fields: readonly Field[],
  detail: IncidentDetail,
  preset: Values,
  isOwn: (orgId: string) => boolean = () => false,
): Values {
  const values: Values = {};
  for (const field of fields) {
    if (field.kind === 'task') {
      values[field.name] = likelyTask(tasksFor(field, detail.tasks), isOwn)?.id;
    }
    if (field.kind === 'stage') values[field.name] = openStages(detail.clocks)[0]?.zh;
    if (field.kind === 'request') values[field.name] = pendingRequests(detail)[0]?.id;
    if (field.kind === 'whistle') values[field.name] = detail.whistles[0]?.id;
    if (field.kind === 'checks') values[field.name] = [];
  }
  return { ...values, ...preset };
}

/** The stages of handling that run, each once: a task handed down runs against the stage of the one above. */
export function openStages(clocks: readonly ClockView[]): Text[] {
  const stages = new Map<string, Text>();
  for (const clock of clocks) {
    if (clock.stage && clock.kind === 'handle' && !clock.stopped_at) stages.set(clock.stage.zh, clock.stage);
  }
  return [...stages.values()];
}

export const pendingRequests = (detail: IncidentDetail) =>
  detail.requests.filter((request) => request.status === 'pending');

function wire(field: Field, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  if (field.kind === 'date') return new Date(`${String(value)}T17:00:00+08:00`).toISOString();
  if (field.kind === 'datetime') return new Date(`${String(value)}:00+08:00`).toISOString();
  if (field.kind === 'evidence' && Array.isArray(value)) {
    const pieces = value.filter((piece: Values) => piece.media_id || piece.media_url || piece.sha256);
    return pieces.length > 0 ? pieces.map(withoutEmpty) : undefined;
  }
  if (field.kind === 'attachments' && Array.isArray(value)) return value.length > 0 ? value : undefined;
  return typeof value === 'string' ? value.trim() : value;
}

const withoutEmpty = (piece: Values): Values =>
  Object.fromEntries(
    Object.entries(piece).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );

/** The body of the command: only what was asked for and filled in. */
export function bodyOf(fields: readonly Field[], values: Values): Values {
  const body: Values = {};
  for (const field of fields) {
    if (!isAsked(field, values)) continue;
    const value = wire(field, values[field.name]);
    if (value !== undefined) body[field.name] = value;
  }
  return body;
}
