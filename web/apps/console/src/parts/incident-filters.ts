import type { Query } from '@yiwang/api/client.ts';
import {
  FLAGS,
  type Flag,
  type IncidentRow,
  SOURCES,
  type Source,
  STATUSES,
  type Status,
} from '@yiwang/api/types/incident.ts';
import { GRADES, type Grade, LIGHTS, type Light } from '@yiwang/api/types/shared.ts';

export type Scope = 'open' | 'all' | 'mine';
export type Sort = 'created' | 'due';

/** What the list shows. Everything in it is in the address, so that any view can be sent as a link. */
export interface IncidentFilter {
  scope: Scope;
  status: Status[];
  light: Light[];
  grade: Grade[];
  source: Source[];
  flag: Flag[];
  item?: string;
  area?: string;
  org?: string;
  /** Also the units below it. */
  tree?: boolean;
  from?: string;
  until?: string;
  within?: string;
  q?: string;
  sort: Sort;
}

export type Search = Record<string, string | undefined>;

export const NO_FILTER: IncidentFilter = {
  scope: 'open',
  status: [],
  light: [],
  grade: [],
  source: [],
  flag: [],
  sort: 'created',
};

const OPEN_STATUSES: ReadonlySet<Status> = new Set([
  'received',
  'accepted',
  'registered',
  'dispatched',
  'handling',
  'reported',
  'verified',
]);

const TEXT_KEYS = ['item', 'area', 'org', 'from', 'until', 'within', 'q'] as const;

/** The known members of a comma list, in the order of the closed list; anything else is left out. */
function members<T extends string>(text: string | undefined, known: readonly T[]): T[] {
  const given = new Set((text ?? '').split(','));
  return known.filter((one) => given.has(one));
}

export function parseFilter(search: Search): IncidentFilter {
  const filter: IncidentFilter = {
    scope: search.scope === 'all' || search.scope === 'mine' ? search.scope : 'open',
    status: members(search.status, STATUSES),
    light: members(search.light, LIGHTS),
    grade: members(search.grade, GRADES),
    source: members(search.source, SOURCES),
    flag: members(search.flag, FLAGS),
    sort: search.sort === 'due' ? 'due' : 'created',
  };
  for (const key of TEXT_KEYS) {
    const value = search[key]?.trim();
    if (value) filter[key] = value;
  }
  if (filter.org && search.tree === '1') filter.tree = true;
  return filter;
}

/** The filter as search parameters; what is as usual is left out. */
export function filterSearch(filter: IncidentFilter): Search {
  const search: Search = {};
  if (filter.scope !== 'open') search.scope = filter.scope;
  if (filter.sort !== 'created') search.sort = filter.sort;
  for (const key of ['status', 'light', 'grade', 'source', 'flag'] as const) {
    if (filter[key].length > 0) search[key] = filter[key].join(',');
  }
  for (const key of TEXT_KEYS) if (filter[key]) search[key] = filter[key];
  if (filter.org && filter.tree) search.tree = '1';
  return search;
}

/** The filter as the server's list takes it. */
export function filterQuery(filter: IncidentFilter): Query {
  const query: Query = { sort: filter.sort };
  if (filter.scope !== 'all') query.open = true;
  if (filter.scope === 'mine') query.mine = true;
  for (const key of ['status', 'light', 'grade', 'source', 'flag'] as const) {
    if (filter[key].length > 0) query[key] = filter[key];
  }
  for (const key of ['item', 'area', 'org', 'q'] as const) if (filter[key]) query[key] = filter[key];
  if (filter.org && filter.tree) query.org_tree = true;
  if (filter.from) query.from = dayStart(filter.from);
  if (filter.until) query.until = dayEnd(filter.until);
  if (filter.within) query.breaches_within = filter.within;
  return query;
}

// The city's days: UTC+8, no summer time.
const dayStart = (date: string) => new Date(`${date}T00:00:00+08:00`).toISOString();
const dayEnd = (date: string) => new Date(Date.parse(`${date}T00:00:00+08:00`) + 86_400_000).toISOString();

/** The view that lists exactly what a figure counted. */
export function searchOfQuery(query: Record<string, unknown>): Search {
  const search: Search = {};
  const isOpen = query.open === true || query.open === 'true';
  if (!isOpen) search.scope = 'all';
  if (query.mine === true || query.mine === 'true') search.scope = 'mine';
  for (const key of ['status', 'light', 'grade', 'source', 'flag', 'item', 'area', 'org', 'q'] as const) {
    const value = query[key];
    if (value !== undefined && value !== null && value !== '') search[key] = String(value);
  }
  if (query.breaches_within) search.within = String(query.breaches_within);
  for (const key of ['from', 'until'] as const) {
    if (typeof query[key] === 'string') search[key] = civilDate(query[key], key === 'until');
  }
  return search;
}

function civilDate(instant: string, isEnd: boolean): string {
  const ms = Date.parse(instant) + 8 * 3_600_000 - (isEnd ? 1 : 0);
  return Number.isNaN(ms) ? instant : new Date(ms).toISOString().slice(0, 10);
}

/** Whether a row still belongs in the view, by what the row itself can tell. */
export function matches(row: IncidentRow, filter: IncidentFilter): boolean {
  if (filter.scope !== 'all' && !OPEN_STATUSES.has(row.status)) return false;
  if (filter.status.length > 0 && !filter.status.includes(row.status)) return false;
  if (filter.light.length > 0 && !filter.light.includes(row.light)) return false;
  if (filter.grade.length > 0 && !filter.grade.includes(row.grade)) return false;
  if (filter.source.length > 0 && !filter.source.includes(row.source)) return false;
  if (filter.flag.length > 0 && !filter.flag.some((flag) => row.flags.includes(flag))) return false;
  return true;
}

export function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

/** What the view of "due soon" looks ahead. */
export const SOON = '4h';

/** Into what becomes due within four hours, the most pressing first; and back. */
export function soonToggled(filter: IncidentFilter): IncidentFilter {
  const { within, ...rest } = filter;
  return within === SOON ? { ...rest, sort: 'created' } : { ...rest, within: SOON, sort: 'due' };
}

export function isFiltered(filter: IncidentFilter): boolean {
  return Object.keys(filterSearch({ ...filter, sort: 'created' })).length > 0;
}
