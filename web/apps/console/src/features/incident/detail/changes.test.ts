import { expect, it } from 'vitest';
import { changesOf } from './changes.ts';

it('names what changed and nothing else', () => {
  expect(
    changesOf({ status: 'dispatched', grade: 'iv' }, { status: 'handling', grade: 'iv', lead: 'x' }),
  ).toEqual([
    { field: 'status', before: 'dispatched', after: 'handling' },
    { field: 'lead', before: undefined, after: 'x' },
  ]);
  expect(changesOf(null, undefined)).toEqual([]);
  expect(changesOf({ at: { lon: 1 } }, { at: { lon: 1 } })).toEqual([]);
});
