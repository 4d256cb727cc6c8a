import type { DeviceCommand } from '@yiwang/api/types/device-command.ts';

/**
 * How it ended, more exactly than its state: a command that failed in the instant in which it was sent was failed by
 * the platform, as nobody listens for it; a device's own answer takes its time.
 */
export type Ending = DeviceCommand['state'] | 'unheard';

export function endingOf(command: DeviceCommand): Ending {
  const isOfPlatform = command.state === 'failed' && command.answered_at === command.sent_at;
  return isOfPlatform ? 'unheard' : command.state;
}

/** Seconds until the answer; nothing where there was none. */
export function tookSeconds(command: DeviceCommand): number | undefined {
  if (!command.answered_at || endingOf(command) === 'unheard') return undefined;
  return Math.max(0, (Date.parse(command.answered_at) - Date.parse(command.sent_at)) / 1_000);
}

/** Seconds for which an answer is waited. */
export const withinSeconds = (command: DeviceCommand): number =>
  Math.round((Date.parse(command.expires_at) - Date.parse(command.sent_at)) / 1_000);
