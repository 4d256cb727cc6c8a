import type { Moving, MovingAnswer } from '@yiwang/api/types/moving.ts';
import { describe, expect, it } from 'vitest';
import { MoverStore, OLD_MS, stateOf } from './mover-store.ts';

const NOW = Date.parse('2026-11-26T08:00:00Z');
const truck = (device: string, more: Partial<Moving> = {}): Moving => ({
  device,
  name: device,
  profile: 'vehicle',
  lon: 120,
  lat: 31,
  speed_kmh: 30,
  heading: 90,
  at: new Date(NOW).toISOString(),
  revision: 1,
  ...more,
});
const answer = (...moved: Moving[]): MovingAnswer => ({ moved, revision: 1, has_more: false });
const ids = (moved: readonly Moving[]) => moved.map(({ device }) => device);

describe('what moves', () => {
  it('is drawn once for each time that it is told of', () => {
    const store = new MoverStore();
    store.take(answer(truck('a'), truck('b')));
    expect(ids(store.changes(NOW).changed)).toEqual(['a', 'b']);
    expect(store.changes(NOW)).toEqual({ changed: [], gone: [] });
    store.take(answer(truck('b', { lon: 121 })));
    expect(ids(store.changes(NOW).changed)).toEqual(['b']);
    expect(store.get('b')?.lon).toBe(121);
  });

  it('is drawn again when the words for its age change, and by the hour only once it is hours', () => {
    const store = new MoverStore();
    store.take(answer(truck('a')));
    store.changes(NOW);
    expect(store.changes(NOW + 59_000).changed).toEqual([]);
    expect(ids(store.changes(NOW + 61_000).changed)).toEqual(['a']);
    store.changes(NOW + 3_600_000);
    expect(store.changes(NOW + 3_600_000 + 300_000).changed).toEqual([]);
  });

  it('is not kept beyond the most: what was heard of longest ago goes', () => {
    const store = new MoverStore(2);
    store.take(answer(truck('a'), truck('b')));
    store.changes(NOW);
    store.take(answer(truck('a'), truck('c')));
    expect(store.size).toBe(2);
    expect(store.changes(NOW).gone).toEqual(['b']);
  });

  it('goes when all is told anew without it', () => {
    const store = new MoverStore();
    store.take(answer(truck('a'), truck('b')));
    store.changes(NOW);
    store.beginWhole();
    store.take(answer(truck('b')));
    store.endWhole();
    expect(store.changes(NOW).gone).toEqual(['a']);
    expect(store.get('a')).toBeUndefined();
  });

  it('tells those who watch once something was drawn', () => {
    const store = new MoverStore();
    let told = 0;
    const end = store.watch(() => {
      told += 1;
    });
    store.take(answer(truck('a')));
    expect(told).toBe(0);
    store.changes(NOW);
    store.changes(NOW);
    expect(told).toBe(1);
    end();
  });

  it('stands when it is slow or says no speed, and is old when it was not heard of for long', () => {
    expect(stateOf(truck('a'), NOW)).toBe('moving');
    expect(stateOf(truck('a', { speed_kmh: 0 }), NOW)).toBe('standing');
    expect(stateOf(truck('a'), NOW + OLD_MS + 1)).toBe('old');
  });
});
