import type { Attachment, CreateIncident, Source } from '@yiwang/api/types/incident.ts';
import type { Grade, Position } from '@yiwang/api/types/shared.ts';

export interface IntakeValues {
  description: string;
  title?: string;
  source: Source;
  source_ref?: string;
  item_code?: string;
  grade?: Grade;
  address?: string;
  occurred_at?: string;
  name?: string;
  phone?: string;
  secret?: boolean;
  desk?: boolean;
  attachments?: Attachment[];
}

const TITLE_MAX = 40;

/** The first sentence of what was said, as a title. */
export function titleOf(description: string): string {
  const sentence =
    description
      .trim()
      .split(/[。！？!?\n；;]/)[0]
      ?.trim() ?? '';
  return sentence.length > TITLE_MAX ? `${sentence.slice(0, TITLE_MAX - 1)}…` : sentence;
}

const filled = (text: string | undefined): string | undefined => text?.trim() || undefined;

/** What is sent: nothing that was left empty. */
export function createBody(values: IntakeValues, position: Position | undefined): CreateIncident {
  const body: CreateIncident = {
    source: values.source,
    title: filled(values.title) ?? titleOf(values.description),
    description: values.description.trim(),
  };
  for (const key of ['source_ref', 'item_code', 'address'] as const) {
    const text = filled(values[key]);
    if (text) body[key] = text;
  }
  if (values.grade) body.grade = values.grade;
  if (position) body.position = position;
  if (values.occurred_at) body.occurred_at = new Date(`${values.occurred_at}:00+08:00`).toISOString();
  const [name, phone] = [filled(values.name), filled(values.phone)];
  if (name || phone) {
    body.reporter = {
      ...(name ? { name } : {}),
      ...(phone ? { phone } : {}),
      secret: values.secret ?? false,
    };
  }
  if (values.desk) body.desk = true;
  if (values.attachments?.length) body.attachments = values.attachments;
  return body;
}
