import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { describe, expect, it } from 'vitest';
import { applyChanges, changeOf, mergeHead, type Pages, replaceRows } from './live-reducer.ts';

const row = (n: number, more: Partial<IncidentRow> = {}): IncidentRow => ({
  id: `c${n}`,
  number: `N${n}`,
  title: `case ${n}`,
  status: 'handling',
  light: 'green',
  grade: 'iv',
  source: 'hotline',
  created_at: new Date(Date.UTC(2026, 10, 23, 0, n)).toISOString(),
  suspended: false,
  consulting: false,
  secrecy: 1,
  version: 1,
  flags: [],
  ...more,
});

const held = (...pages: IncidentRow[][]): Pages => ({
  pages: pages.map((items, index) => ({ items, next: index === pages.length - 1 ? null : `p${index + 1}` })),
  pageParams: pages.map((_, index) => (index ? `p${index}` : undefined)),
});

const ids = (data: Pages) => data.pages.map((page) => page.items.map((one) => one.id));

describe('changes of others', () => {
  it('patch the row they are about and leave other pages as they are', () => {
    const data = held([row(4), row(3)], [row(2), row(1)]);
    const next = applyChanges(
      data,
      new Map([['c3', { id: 'c3', version: 2, status: 'reported', light: 'red' }]]),
    );
    expect(next.pages[0]?.items[1]).toMatchObject({ status: 'reported', light: 'red', version: 2 });
    expect(next.pages[1]).toBe(data.pages[1]);
  });

  it('never go back to an older version', () => {
    const data = held([row(1, { version: 5, status: 'verified' })]);
    expect(applyChanges(data, new Map([['c1', { id: 'c1', version: 4, status: 'handling' }]]))).toBe(data);
  });

  it('are read from events, and events of other kinds are left alone', () => {
    const body = { id: 'c1', version: 3, status: 'closed', light: 'plaid' };
    const event = { seq: 9, kind: 'incident.closed', subject_id: 'c1', at: '', body };
    expect(changeOf(event)).toEqual({ id: 'c1', version: 3, status: 'closed' });
    expect(changeOf({ ...event, kind: 'catalog.items_changed' })).toBeUndefined();
  });
});

describe('a fresh first page', () => {
  it('brings new rows in front and leaves no gap before the second page', () => {
    const data = held([row(4), row(3)], [row(2), row(1)]);
    const next = mergeHead(data, { items: [row(6), row(5)], next: 'x' }, 'created');
    expect(ids(next)).toEqual([
      ['c6', 'c5', 'c4', 'c3'],
      ['c2', 'c1'],
    ]);
  });

  it('drops rows that left the list and doubles of later pages', () => {
    const data = held([row(4), row(3)], [row(2), row(1)]);
    const next = mergeHead(data, { items: [row(4), row(2)], next: 'x' }, 'created');
    expect(ids(next)).toEqual([['c4', 'c2'], ['c1']]);
  });

  it('is everything when there is no second page', () => {
    const next = mergeHead(held([row(4), row(3)], [row(2)]), { items: [row(3)] }, 'created');
    expect(ids(next)).toEqual([['c3']]);
  });

  it('keeps the order of due times', () => {
    const due = (n: number, at: string) => row(n, { due_at: at });
    const data = held(
      [due(1, '2026-11-23T05:00:00Z'), due(2, '2026-11-23T07:00:00Z')],
      [due(3, '2026-11-23T09:00:00Z')],
    );
    const fresh = { items: [due(1, '2026-11-23T05:00:00Z'), due(4, '2026-11-23T06:00:00Z')], next: 'x' };
    expect(ids(mergeHead(data, fresh, 'due'))).toEqual([['c1', 'c4', 'c2'], ['c3']]);
  });
});

it('newer readings replace rows, older ones do not', () => {
  const data = held([row(1, { version: 2 }), row(2, { version: 2 })]);
  const next = replaceRows(data, [
    row(1, { version: 3, title: 'new' }),
    row(2, { version: 1, title: 'old' }),
  ]);
  expect(next.pages[0]?.items.map((one) => one.title)).toEqual(['new', 'case 2']);
});
