import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { describe, expect, it } from 'vitest';
import {
  filterQuery,
  filterSearch,
  matches,
  NO_FILTER,
  parseFilter,
  searchOfQuery,
  toggled,
} from './incident-filters.ts';

const row: IncidentRow = {
  id: '1',
  number: 'YW20261123HOT000001',
  title: '路灯不亮',
  status: 'handling',
  light: 'red',
  grade: 'iv',
  source: 'hotline',
  created_at: '2026-11-23T01:00:00Z',
  suspended: false,
  consulting: false,
  secrecy: 1,
  version: 3,
  flags: [],
};

describe('the filter and the address', () => {
  it('comes back from the address as it went in', () => {
    const filter = {
      ...NO_FILTER,
      scope: 'mine' as const,
      status: ['dispatched' as const, 'handling' as const],
      light: ['red' as const],
      grade: ['i' as const, 'iv' as const],
      source: ['hotline' as const],
      flag: ['mass' as const, 'repeat' as const],
      item: '05.02',
      area: '320281001',
      q: '路灯 & 井盖',
      within: '4h',
      from: '2026-11-01',
      until: '2026-11-23',
      sort: 'due' as const,
    };
    const address = new URLSearchParams(filterSearch(filter) as Record<string, string>);
    expect(parseFilter(Object.fromEntries(new URLSearchParams(address.toString())))).toEqual(filter);
  });

  it('leaves the address empty when nothing is filtered', () => {
    expect(filterSearch(NO_FILTER)).toEqual({});
    expect(parseFilter({})).toEqual(NO_FILTER);
  });

  it('drops words that it does not know', () => {
    expect(
      parseFilter({ status: 'handling,bogus', light: 'purple', scope: 'x', sort: 'y', q: '  ' }),
    ).toEqual({
      ...NO_FILTER,
      status: ['handling'],
    });
  });

  it('asks the server in its words, with the days of the city', () => {
    const query = filterQuery({
      ...NO_FILTER,
      scope: 'mine',
      from: '2026-11-23',
      until: '2026-11-23',
      within: '4h',
    });
    expect(query).toEqual({
      sort: 'created',
      open: true,
      mine: true,
      breaches_within: '4h',
      from: '2026-11-22T16:00:00.000Z',
      until: '2026-11-23T16:00:00.000Z',
    });
    expect(filterQuery({ ...NO_FILTER, scope: 'all' })).toEqual({ sort: 'created' });
  });

  it('turns the query of a figure into the view that lists it', () => {
    expect(searchOfQuery({ open: true, light: 'red' })).toEqual({ light: 'red' });
    expect(searchOfQuery({ from: '2026-11-22T16:00:00Z', until: '2026-11-23T16:00:00Z' })).toEqual({
      scope: 'all',
      from: '2026-11-23',
      until: '2026-11-23',
    });
  });
});

describe('whether a row belongs', () => {
  it.each([
    [NO_FILTER, true],
    [{ ...NO_FILTER, light: ['red' as const] }, true],
    [{ ...NO_FILTER, light: ['green' as const] }, false],
    [{ ...NO_FILTER, status: ['closed' as const] }, false],
    [{ ...NO_FILTER, grade: ['i' as const] }, false],
  ])('%o → %s', (filter, expected) => expect(matches(row, filter)).toBe(expected));

  it('lets a closed case go from the open view, and stay in the whole', () => {
    const closed = { ...row, status: 'closed' as const };
    expect(matches(closed, NO_FILTER)).toBe(false);
    expect(matches(closed, { ...NO_FILTER, scope: 'all' })).toBe(true);
  });

  it('toggles', () => {
    expect(toggled(['i'], 'ii')).toEqual(['i', 'ii']);
    expect(toggled(['i', 'ii'], 'i')).toEqual(['ii']);
  });
});
