import { pollMs, withSent } from '@yiwang/api/device-command-api.ts';
import type { DeviceCommand } from '@yiwang/api/types/device-command.ts';
import { describe, expect, it } from 'vitest';
import { endingOf, tookSeconds, withinSeconds } from './ending.ts';

const SENT = '2026-11-26T02:00:00.123456Z';
const sent = (more: Partial<DeviceCommand> = {}): DeviceCommand => ({
  id: 'c1',
  device_id: 'd1',
  command: 'open',
  parameters: {},
  state: 'waiting',
  sent_at: SENT,
  sent_by: '值班长',
  expires_at: '2026-11-26T02:01:00.123456Z',
  ...more,
});

const pages = (...items: DeviceCommand[]) => ({ pages: [{ items }], pageParams: [undefined] });

describe('the end of a command', () => {
  it('is the platform’s where it failed at once', () => {
    const failed = sent({ state: 'failed', answered_at: SENT, answer: 'nobody listens' });
    expect(endingOf(failed)).toBe('unheard');
    expect(tookSeconds(failed)).toBeUndefined();
  });

  it('is the device’s where it took its time', () => {
    const refused = sent({ state: 'failed', answered_at: '2026-11-26T02:00:01.623456Z', answer: '卡住' });
    expect(endingOf(refused)).toBe('failed');
    expect(tookSeconds(refused)).toBe(1.5);
    expect(endingOf(sent({ state: 'done', answered_at: SENT }))).toBe('done');
  });

  it('says how long was waited', () => {
    expect(withinSeconds(sent())).toBe(60);
    expect(tookSeconds(sent({ state: 'expired' }))).toBeUndefined();
  });
});

describe('the log', () => {
  it('is looked at each second while a young command waits', () => {
    const at = Date.parse(SENT);
    expect(pollMs(undefined, at)).toBe(5_000);
    expect(pollMs(pages(sent({ state: 'done' })), at + 1_000)).toBe(5_000);
    expect(pollMs(pages(sent()), at + 1_000)).toBe(1_000);
    expect(pollMs(pages(sent()), at + 3_600_000)).toBe(5_000);
  });

  it('has what was just sent first, and once', () => {
    const fresh = sent({ id: 'c2' });
    expect(withSent(pages(sent()), fresh)?.pages[0]?.items.map((one) => one.id)).toEqual(['c2', 'c1']);
    expect(withSent(pages(fresh, sent()), fresh)?.pages[0]?.items.map((one) => one.id)).toEqual(['c2', 'c1']);
    expect(withSent(undefined, fresh)).toBeUndefined();
  });
});
