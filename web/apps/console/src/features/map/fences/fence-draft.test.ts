import type { Fence, FencePlan } from '@yiwang/api/types/fence.ts';
import { describe, expect, it } from 'vitest';
import { createOf, draftOf, EMPTY_DRAFT, faultsOf, planOf } from './fence-draft.ts';

const plan: FencePlan = {
  outline: { kind: 'circle', centre: [120.28, 31.91], radius_m: 150 },
  concerns: { tags: ['vehicle'] },
  schedule: { hours: [{ days: { weekdays: ['mon'] }, from: '22:00', to: '06:00' }], utc_offset_minutes: 480 },
  rules: { enter: true, overspeed: { kmh: 20, seconds: 10 }, off_route: { metres: 30 } },
  border: { hysteresis_m: 5, fixes_min: 2, seconds_min: 3 },
};
const fence: Fence = {
  id: 'f',
  name: '工地',
  plan,
  secrecy: 1,
  is_on: true,
  updated_at: '',
  updated_by: '',
  version: 1,
};
const good = { ...EMPTY_DRAFT, name: '工地', text: '120,31\n121,31\n121,32' };

describe('a fence that is written', () => {
  it('comes back as it was', () => expect(planOf(draftOf(fence))).toEqual(plan));

  it('keeps the ways of a corridor and the holes of polygons', () => {
    const lines: [number, number][][] = [
      [
        [120, 31],
        [121, 31],
      ],
    ];
    const corridor: FencePlan = { outline: { kind: 'corridor', lines, half_width_m: 40 }, rules: {} };
    expect(planOf(draftOf({ ...fence, plan: corridor }))).toEqual(corridor);
  });

  it('is not sent while something is wrong, and says where', () => {
    expect(faultsOf({ ...EMPTY_DRAFT, size: null, kind: 'circle' })).toEqual({
      name: 'name',
      ground: { key: 'none' },
      size: 'size',
    });
    expect(planOf(EMPTY_DRAFT)).toBeUndefined();
    const hours = { schedule: { hours: [{ from: '8', to: '24:00' }] } };
    expect(faultsOf({ ...good, plan: hours })).toEqual({ schedule: 'hours' });
    const days = { schedule: { hours: [{ days: { weekdays: [] }, from: '08:00', to: '24:00' }] } };
    expect(faultsOf({ ...good, plan: days })).toEqual({ schedule: 'weekdays' });
  });

  it('leaves out what is empty', () => {
    const empty = {
      rules: { off_route: { seconds: null }, forbidden: { hours: [] } },
      schedule: { hours: [] },
    };
    expect(createOf({ ...good, plan: empty })).toMatchObject({
      name: '工地',
      secrecy: 1,
      plan: { rules: {} },
    });
    expect(createOf({ ...good, plan: empty })?.plan).not.toHaveProperty('schedule');
  });
});
