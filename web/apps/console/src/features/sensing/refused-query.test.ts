import { expect, it } from 'vitest';
import { refusedQueryOf } from './refused-query.ts';

it('takes days by the city, the last one in full', () => {
  expect(refusedQueryOf({ from: '2026-11-25', until: '2026-11-25', edge: 'hj212' })).toMatchObject({
    edge: 'hj212',
    from: '2026-11-24T16:00:00.000Z',
    until: '2026-11-25T16:00:00.000Z',
  });
});
