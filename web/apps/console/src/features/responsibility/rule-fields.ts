import type { ResponsibilityRule } from '@yiwang/api/types/catalog.ts';

/** A rule as the form holds it: lists as text. */
export interface RuleFields {
  id?: string;
  items?: string;
  areas?: string;
  lead?: string;
  assistants?: string;
  supervisor?: string;
  basis?: string;
  valid_from?: string;
  fallback?: boolean;
}

/** Codes parted by commas of either kind, or blanks. */
export const codes = (text: string | undefined): string[] =>
  (text ?? '').split(/[\s,，、;；]+/).filter(Boolean);

export function fieldsOf(rule: ResponsibilityRule | undefined): RuleFields {
  if (!rule) return {};
  return {
    id: rule.id,
    items: rule.items.join(', '),
    areas: rule.areas.join(', '),
    lead: rule.lead,
    assistants: (rule.assistants ?? []).join(', '),
    supervisor: rule.supervisor ?? '',
    basis: rule.basis.zh,
    valid_from: rule.valid_from ?? '',
    fallback: rule.fallback ?? false,
  };
}

/** The rule that the fields say; what the form does not show stays as it was. */
export function ruleOf(fields: RuleFields, old: ResponsibilityRule | undefined): ResponsibilityRule {
  const basis = fields.basis?.trim() ?? '';
  const supervisor = fields.supervisor?.trim();
  const { supervisor: _, valid_from: __, ...kept } = old ?? ({} as Partial<ResponsibilityRule>);
  return {
    ...kept,
    id: fields.id?.trim() ?? '',
    items: codes(fields.items),
    areas: codes(fields.areas),
    lead: fields.lead?.trim() ?? '',
    assistants: codes(fields.assistants),
    ...(supervisor ? { supervisor } : {}),
    basis: { ...(old?.basis.zh === basis ? old.basis : {}), zh: basis },
    ...(fields.valid_from ? { valid_from: fields.valid_from } : {}),
    fallback: fields.fallback ?? false,
  };
}
