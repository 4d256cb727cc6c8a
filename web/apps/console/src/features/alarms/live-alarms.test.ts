import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { expect, it } from 'vitest';
import { type AlarmPages, alarmChangeOf, mergeAlarmHead, patchAlarms, replaceAlarm } from './live-alarms.ts';

const alarm = (n: number, more: Partial<Alarm> = {}) =>
  ({ id: `a${n}`, severity: 'III', is_open: true, version: 2, ...more }) as Alarm;

const held = (...pages: Alarm[][]): AlarmPages => ({
  pages: pages.map((items, index) => ({ items, next: index === pages.length - 1 ? null : 'more' })),
  pageParams: pages.map((_, index) => (index ? 'more' : undefined)),
});

const ids = (data: AlarmPages) => data.pages.map((page) => page.items.map((one) => one.id));

it('reads changes from events of alarms only', () => {
  const body = { id: 'a1', version: 3, severity: 'II', is_open: true };
  const event = { seq: 1, kind: 'alarm.escalated', subject_id: 'a1', at: '', body };
  expect(alarmChangeOf(event)).toEqual({ ...body, what: 'escalated' });
  expect(alarmChangeOf({ ...event, kind: 'incident.closed' })).toBeUndefined();
  expect(alarmChangeOf({ ...event, body: { severity: 'V' } })).toEqual({
    id: 'a1',
    version: 0,
    what: 'escalated',
  });
});

it('patches the rows that changed and never goes back', () => {
  const data = held([alarm(2), alarm(1)]);
  const change = { id: 'a1', version: 3, what: 'ended', is_open: false };
  const next = patchAlarms(data, new Map([['a1', change]]));
  expect(next.pages[0]?.items[1]).toMatchObject({ is_open: false, severity: 'III', version: 3 });
  expect(patchAlarms(next, new Map([['a1', { ...change, version: 2, is_open: true }]]))).toBe(next);
  expect(replaceAlarm(next, alarm(1, { version: 2, rule_name: 'old' }))).toBe(next);
});

it('lays a fresh first page over what is held', () => {
  const data = held([alarm(4), alarm(3)], [alarm(2), alarm(1)]);
  expect(ids(mergeAlarmHead(data, { items: [alarm(6), alarm(5)], next: 'x' }))).toEqual([
    ['a6', 'a5', 'a4', 'a3'],
    ['a2', 'a1'],
  ]);
  expect(ids(mergeAlarmHead(data, { items: [alarm(5), alarm(3)], next: 'x' }))).toEqual([
    ['a5', 'a3'],
    ['a2', 'a1'],
  ]);
  expect(ids(mergeAlarmHead(data, { items: [alarm(5)] }))).toEqual([['a5']]);
});
