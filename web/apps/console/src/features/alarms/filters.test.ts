import { expect, it } from 'vitest';
import { alarmQueryOf, phaseOf, severityOf, tabOf } from './filters.ts';

it('shows what is open unless the address asks for more', () => {
  expect(alarmQueryOf({})).toMatchObject({ open: true, severity: undefined });
  expect(alarmQueryOf({ phase: 'ended', acknowledged: 'no', shelved: 'yes', severity: 'II' })).toMatchObject({
    open: false,
    acknowledged: false,
    shelved: true,
    severity: 'II',
  });
  expect(alarmQueryOf({ phase: 'all' }).open).toBeUndefined();
  expect(alarmQueryOf({ suppressed: 'no', kind: 'storm' })).toMatchObject({
    suppressed: false,
    kind: 'storm',
  });
  expect(alarmQueryOf({ kind: 'vote' }).kind).toBeUndefined();
  expect([tabOf({}), tabOf({ tab: 'x' }), tabOf({ tab: 'shelves' })]).toEqual([
    'alarms',
    'alarms',
    'shelves',
  ]);
  expect([phaseOf({ phase: 'x' }), severityOf({ severity: 'V' })]).toEqual(['open', undefined]);
});
