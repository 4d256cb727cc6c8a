import { ApiProblem } from '@yiwang/api/client.ts';
import type { Moving, MovingAnswer } from '@yiwang/api/types/moving.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MoverStore } from './mover-store.ts';
import { MovingFeed } from './moving-feed.ts';

const truck = (device: string, revision: number): Moving => ({
  ...{ device, name: device, profile: 'vehicle', lon: 120, lat: 31, speed_kmh: 30, heading: 90 },
  ...{ at: '2026-11-26T08:00:00Z', revision },
});
const answer = (revision: number, ...devices: string[]): MovingAnswer => ({
  moved: devices.map((device) => truck(device, revision)),
  revision,
  has_more: false,
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('all is asked for once, then only what is new; and nothing after it was stopped', async () => {
  const asked: [number, number][] = [];
  let revision = 0;
  const store = new MoverStore();
  const feed = new MovingFeed(
    store,
    () => undefined,
    async (after, wait) => {
      asked.push([after, wait]);
      revision += 1;
      return answer(revision, `d${revision}`);
    },
  );
  feed.start();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(asked).toEqual([
    [0, 0],
    [1, 20],
    [2, 20],
  ]);
  expect(store.size).toBe(3);
  feed.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});

it('a fault is told and tried again, ever more rarely; a refusal ends it', async () => {
  const faults: unknown[] = [];
  const answers = [
    new Error('no line'),
    new Error('no line'),
    new ApiProblem({ title: 'no', status: 403, code: 'x' }),
  ];
  let asked = 0;
  const feed = new MovingFeed(
    new MoverStore(),
    (fault) => faults.push(fault),
    async () => {
      asked += 1;
      throw answers[asked - 1];
    },
  );
  feed.start();
  await vi.advanceTimersByTimeAsync(1_900);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(3_800);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(3);
  expect(faults).toEqual(answers);
  feed.stop();
});
