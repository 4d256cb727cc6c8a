import type { LiveEvent } from '@yiwang/api/live.ts';
import { type IncidentRow, STATUSES, type Status } from '@yiwang/api/types/incident.ts';
import { LIGHTS, type Light, type Page } from '@yiwang/api/types/shared.ts';
import type { Sort } from '../../../parts/incident-filters.ts';

/** What an event tells about a case; the rest is read. */
export interface CaseChange {
  id: string;
  version: number;
  status?: Status;
  light?: Light;
}

export interface Pages {
  pages: Page<IncidentRow>[];
  pageParams: (string | undefined)[];
}

export function changeOf(event: LiveEvent): CaseChange | undefined {
  if (!event.kind.startsWith('incident.')) return undefined;
  const { id, version, status, light } = event.body;
  const change: CaseChange = {
    id: typeof id === 'string' ? id : event.subject_id,
    version: typeof version === 'number' ? version : 0,
  };
  if (STATUSES.includes(status as Status)) change.status = status as Status;
  if (LIGHTS.includes(light as Light)) change.light = light as Light;
  return change.id ? change : undefined;
}

/** Puts changes into the rows that are shown. An older version never overwrites a newer one. */
export function applyChanges<T extends Pages>(data: T, changes: ReadonlyMap<string, CaseChange>): T {
  let touched = false;
  const pages = data.pages.map((page) => {
    if (!page.items.some((row) => isNews(row, changes.get(row.id)))) return page;
    touched = true;
    return { ...page, items: page.items.map((row) => patched(row, changes.get(row.id))) };
  });
  return touched ? { ...data, pages } : data;
}

const isNews = (row: IncidentRow, change: CaseChange | undefined): change is CaseChange =>
  change !== undefined &&
  change.version >= row.version &&
  (change.version > row.version || differs(row, change));

const differs = (row: IncidentRow, change: CaseChange) =>
  (change.status !== undefined && change.status !== row.status) ||
  (change.light !== undefined && change.light !== row.light);

function patched(row: IncidentRow, change: CaseChange | undefined): IncidentRow {
  if (!isNews(row, change)) return row;
  return {
    ...row,
    version: change.version,
    ...(change.status ? { status: change.status } : {}),
    ...(change.light ? { light: change.light } : {}),
  };
}

/** Replaces rows by newer readings of them. */
export function replaceRows<T extends Pages>(data: T, rows: readonly IncidentRow[]): T {
  const fresh = new Map(rows.map((row) => [row.id, row]));
  const newer = (row: IncidentRow) => {
    const other = fresh.get(row.id);
    return other && other.version >= row.version ? other : row;
  };
  const pages = data.pages.map((page) =>
    page.items.some((row) => fresh.has(row.id)) ? { ...page, items: page.items.map(newer) } : page,
  );
  return { ...data, pages };
}

const orderKey = (row: IncidentRow, sort: Sort) =>
  sort === 'due'
    ? row.due_at
      ? Date.parse(row.due_at)
      : Number.POSITIVE_INFINITY
    : -Date.parse(row.created_at);

/**
 * Lays a fresh reading of the first page over the pages that are held, without a gap and without doubles:
 * rows that were pushed off the first page stay, since the second page starts after them.
 */
export function mergeHead<T extends Pages>(data: T, fresh: Page<IncidentRow>, sort: Sort): T {
  const [head, ...rest] = data.pages;
  if (!head) return data;
  if (!fresh.next) return { ...data, pages: [fresh], pageParams: data.pageParams.slice(0, 1) };
  const seen = new Set(fresh.items.map((row) => row.id));
  const last = fresh.items.at(-1);
  const border = last ? orderKey(last, sort) : Number.NEGATIVE_INFINITY;
  // A held row that sorts before the fresh page's end but is not on it has left the list.
  const kept = head.items.filter((row) => !seen.has(row.id) && orderKey(row, sort) >= border);
  const items = [...fresh.items, ...kept].sort((a, b) => orderKey(a, sort) - orderKey(b, sort));
  const tail = rest.map((page) =>
    page.items.some((row) => seen.has(row.id))
      ? { ...page, items: page.items.filter((row) => !seen.has(row.id)) }
      : page,
  );
  return { ...data, pages: [{ ...head, items }, ...tail] };
}
