import { expect, it } from 'vitest';
import { isGroup, quietedBy } from './kind.ts';

it('tells alarms of many devices from those of one', () => {
  expect((['single', 'storm', 'agreement', 'vote'] as const).map((kind) => isGroup({ kind }))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it('leads to what keeps an alarm quiet', () => {
  expect(quietedBy({ suppressed_by: 'parent', suppressed_ref: 'a' })).toMatchObject({ sel: 'a' });
  expect(quietedBy({ suppressed_by: 'maintenance', suppressed_ref: 'w' })).toMatchObject({ tab: 'windows' });
  expect(quietedBy({ suppressed_by: 'device' })).toBeUndefined();
  expect(quietedBy({})).toBeUndefined();
});
