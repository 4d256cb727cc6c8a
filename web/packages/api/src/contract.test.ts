import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usedByMap } from './contract-map.ts';
import { usedByNet } from './contract-net.ts';
import { usedByVitals } from './contract-vitals.ts';
import type { AuditRow, CreateGrant, CreateUser, GrantView, Queues, UserView } from './types/admin.ts';
import type {
  CalendarDay,
  CalendarDays,
  CalendarView,
  DeadlineView,
  PreviewDeadline,
} from './types/calendar.ts';
import type {
  CodesetDetail,
  ItemDetail,
  ItemSuggestion,
  ItemView,
  Located,
  ResponsibilityCheck,
  ResponsibilityDraftDetail,
} from './types/catalog.ts';
import type { DryRun, EscalationRow, TurnRow } from './types/escalation.ts';
import type {
  CardView,
  CaseFlow,
  CaseFlowGroup,
  ClockView,
  CreateIncident,
  IncidentDetail,
  IncidentRow,
  Numbers,
  RequestView,
  TaskView,
} from './types/incident.ts';
import type { PackCheck, PackDetail, PackDiff, PackFinding, SectionDiff } from './types/pack.ts';
import type { Me } from './types/session.ts';
import type { OrgListed } from './types/shared.ts';
import type { CreateToken, TokenCreated, TokenView } from './types/token.ts';
import { WARNING_OUTCOMES } from './types/vitals.ts';

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  enum?: string[];
}

interface Document {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, Schema> };
}

const document = JSON.parse(
  readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8'),
) as Document;

function properties(schema: Schema | undefined): string[] {
  if (!schema) return [];
  if (schema.$ref) return properties(document.components.schemas[schema.$ref.split('/').at(-1) ?? '']);
  return [...Object.keys(schema.properties ?? {}), ...(schema.allOf ?? []).flatMap(properties)];
}

/** The properties that the console reads or writes, by the name of the server's schema. */
const used = {
  Me: ['id', 'username', 'name', 'org', 'actions', 'must_change_password', 'demo'] satisfies (keyof Me)[],
  IncidentRow: [
    'id',
    'number',
    'title',
    'status',
    'light',
    'grade',
    'item',
    'area',
    'position',
    'address',
    'source',
    'lead',
    'created_at',
    'due_at',
    'due_kind',
    'suspended',
    'consulting',
    'secrecy',
    'version',
    'flags',
  ] satisfies (keyof IncidentRow)[],
  IncidentDetail: [
    'description',
    'reporter',
    'source_ref',
    'tasks',
    'clocks',
    'requests',
    'cards',
    'whistles',
    'attachments',
    'media',
    'verification',
    'checks',
    'evidence',
    'allowed',
    'suspension',
    'merged_into',
    'children',
    'public',
    'outcome',
    'answer',
    'transfer',
    'rating',
    'policy_verified',
    'version',
  ] satisfies (keyof IncidentDetail)[],
  TaskView: [
    'id',
    'no',
    'org',
    'role',
    'status',
    'assignee',
    'note',
    'text',
    'evidence',
    'light',
    'due_at',
  ] satisfies (keyof TaskView)[],
  ClockView: [
    'kind',
    'task_id',
    'started_at',
    'limit',
    'extra',
    'due_at',
    'stopped_at',
    'state',
    'light',
    'explanation',
  ] satisfies (keyof ClockView)[],
  RequestView: ['id', 'kind', 'status', 'at', 'by', 'text', 'decision'] satisfies (keyof RequestView)[],
  CardView: ['card', 'at', 'text', 'new_due'] satisfies (keyof CardView)[],
  CreateIncident: [
    'source',
    'source_ref',
    'title',
    'description',
    'item_code',
    'grade',
    'position',
    'address',
    'reporter',
    'occurred_at',
    'desk',
  ] satisfies (keyof CreateIncident)[],
  CaseFlow: ['as_of', 'from', 'total', 'groups', 'left_out'] satisfies (keyof CaseFlow)[],
  CaseFlowGroup: ['source', 'lead', 'status', 'count', 'query'] satisfies (keyof CaseFlowGroup)[],
  Numbers: ['as_of', 'total', 'total_is_more', 'open', 'today', 'groups'] satisfies (keyof Numbers)[],
  ItemDetail: [
    'code',
    'name',
    'definition',
    'aliases',
    'keywords',
    'policy',
    'limits',
    'versions',
  ] satisfies (keyof ItemDetail)[],
  ItemSuggestion: ['code', 'name', 'path', 'score', 'matched'] satisfies (keyof ItemSuggestion)[],
  Located: ['area', 'path'] satisfies (keyof Located)[],
  ResponsibilityCheck: [
    'items',
    'grids',
    'pairs',
    'fallback_pairs',
    'holes',
    'overlaps',
    'took_ms',
  ] satisfies (keyof ResponsibilityCheck)[],
  ResponsibilityDraftDetail: [
    'id',
    'title',
    'base',
    'latest',
    'state',
    'version',
    'rules',
    'updated_by',
    'updated_at',
  ] satisfies (keyof ResponsibilityDraftDetail)[],
  UserView: [
    'id',
    'username',
    'name',
    'phone',
    'status',
    'posts',
    'roles',
    'locked_until',
    'version',
  ] satisfies (keyof UserView)[],
  CreateUser: ['username', 'name', 'phone', 'password', 'posts'] satisfies (keyof CreateUser)[],
  GrantView: [
    'id',
    'user_id',
    'role',
    'role_name',
    'org',
    'area',
    'secrecy_max',
    'purpose',
    'expires_at',
    'live',
  ] satisfies (keyof GrantView)[],
  CreateGrant: [
    'user_id',
    'role',
    'org_id',
    'area',
    'secrecy_max',
    'purpose',
    'expires_at',
  ] satisfies (keyof CreateGrant)[],
  AuditView: [
    'seq',
    'at',
    'user_name',
    'ip',
    'action',
    'object',
    'outcome',
    'detail',
  ] satisfies (keyof AuditRow)[],
  QueuesView: ['writer', 'outbox', 'subscriptions', 'reconcilers'] satisfies (keyof Queues)[],
  OrgListed: ['id', 'code', 'name', 'kind', 'parent_id', 'area', 'pinyin'] satisfies (keyof OrgListed)[],
  ItemView: ['code', 'name', 'aliases', 'pinyin'] satisfies (keyof ItemView)[],
  CodesetDetail: ['title', 'verified', 'source', 'entries', 'items'] satisfies (keyof CodesetDetail)[],
  CalendarView: [
    'name',
    'title',
    'version',
    'kind',
    'verified',
    'source',
    'shifts',
    'seasons',
    'days_known_until',
  ] satisfies (keyof CalendarView)[],
  CalendarDays: ['year', 'estimated', 'working_days', 'days'] satisfies (keyof CalendarDays)[],
  CalendarDay: ['date', 'kind', 'working', 'half_day', 'seasonal', 'shifts'] satisfies (keyof CalendarDay)[],
  PreviewDeadline: ['calendar', 'start', 'limit', 'suspensions'] satisfies (keyof PreviewDeadline)[],
  DeadlineView: ['due', 'explanation', 'beyond_known'] satisfies (keyof DeadlineView)[],
  DryRun: ['until', 'items', 'escalations', 'cut_at_cases'] satisfies (keyof DryRun)[],
  TurnRow: ['incident', 'kind', 'task_no', 'light', 'at', 'due_at'] satisfies (keyof TurnRow)[],
  EscalationRow: [
    'incident',
    'kind',
    'task_no',
    'due_at',
    'at',
    'level',
    'grade',
    'informed',
  ] satisfies (keyof EscalationRow)[],
  TokenView: [
    'id',
    'user_name',
    'name',
    'actions',
    'created_at',
    'expires_at',
    'revoked_at',
    'last_used_at',
  ] satisfies (keyof TokenView)[],
  TokenCreated: ['token', 'user_name', 'expires_at'] satisfies (keyof TokenCreated)[],
  CreateToken: ['user_id', 'name', 'actions', 'expires_at'] satisfies (keyof CreateToken)[],
  PackDetail: [
    'id',
    'version',
    'requires',
    'hash',
    'installed_at',
    'installed_by',
    'sections',
  ] satisfies (keyof PackDetail)[],
  PackCheck: ['version', 'findings'] satisfies (keyof PackCheck)[],
  Diagnostic: ['severity', 'file', 'line', 'code', 'message', 'hint'] satisfies (keyof PackFinding)[],
  PackDiff: ['installed', 'given', 'sections'] satisfies (keyof PackDiff)[],
  SectionDiff: ['section', 'added', 'changed', 'removed', 'unchanged'] satisfies (keyof SectionDiff)[],
  ...usedByNet,
  ...usedByMap,
  ...usedByVitals,
};

it.each(Object.entries(used))('the server still says what the console reads of %s', (name, names) => {
  const known = properties(document.components.schemas[name]);
  expect(names.filter((one) => !known.includes(one))).toEqual([]);
});

it('what becomes of an early warning is said in the same words', () => {
  expect(document.components.schemas.EarlyOutcome?.enum).toEqual(WARNING_OUTCOMES);
});

it('every address that the console calls is served', () => {
  const sources = [
    'admin-api',
    'alarm-rule-api',
    'alerting-api',
    'calendar-api',
    'catalog-api',
    'device-command-api',
    'escalation-api',
    'fence-api',
    'geo-api',
    'incident-api',
    'layer-import-api',
    'moving-api',
    'pack-api',
    'public-api',
    'quiet-api',
    'sensing-api',
    'session-api',
    'token-api',
    'vitals-api',
  ];
  const called = sources.flatMap((file) => {
    const text = readFileSync(new URL(`./${file}.ts`, import.meta.url), 'utf8');
    return [...text.matchAll(/(?:get|post|put|patch|delete|readAll)(?:<[^(]*>)?\(\s*[`'](\/[^`'?]*)/g)].map(
      (found) => found[1] ?? '',
    );
  });
  const pattern = (path: string) => `/api/v1${path}`.replace(/\$?\{[^}]*\}/g, '{}');
  const served = new Set(Object.keys(document.paths).map((path) => path.replace(/\{[^}]*\}/g, '{}')));
  expect(called.length).toBeGreaterThan(30);
  expect(called.map(pattern).filter((path) => !served.has(path) && !path.endsWith('/parked/{}/{}'))).toEqual(
    [],
  );
});
