import type { Behind } from '@yiwang/api/types/vitals.ts';
import { expect, it } from 'vitest';
import { listsOf, pageOfList } from './behind.ts';

const behind = (kind: Behind['kind'], filter: Record<string, string[]>): Behind => ({
  kind,
  area: '320281',
  path: '/api/v1/incidents',
  filter,
  codes: [],
});

it('asks for each value of a filter that a list takes one of', () => {
  const filter = { area: ['320281'], item: ['01.01', '02'], source: ['hotline', 'grid'], open: ['true'] };
  expect(listsOf(behind('cases', filter))).toEqual({
    queries: [
      { area: '320281', item: '01.01', source: ['hotline', 'grid'], open: 'true' },
      { area: '320281', item: '02', source: ['hotline', 'grid'], open: 'true' },
    ],
    ignored: [],
  });
});

it('names filters that a list does not know', () => {
  expect(listsOf(behind('alarms', { area: ['1'], profile: ['a', 'b'] }))).toEqual({
    queries: [{ area: '1' }],
    ignored: ['profile'],
  });
});

it('leads to the page of each list', () => {
  expect(pageOfList('devices', { profile: ['a', 'b'], area: '1' })).toEqual({
    to: '/devices',
    search: { profile: 'a,b', area: '1' },
  });
  expect(pageOfList('cases', { open: 'true', item: '02' }).search).toEqual({ item: '02' });
  expect(listsOf(behind('feed', { area: ['1'] })).queries).toEqual([]);
});
