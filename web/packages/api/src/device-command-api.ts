import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { DeviceCommand, SendCommand } from './types/device-command.ts';
import type { Page } from './types/shared.ts';

const LOG_PAGE = 10;
const POLL_MS = 5_000;
const WAITING_POLL_MS = 1_000;
/** Whoever has just sent something looks at it; an answer that takes longer is not looked for each second. */
const WATCHED_MS = 120_000;

export const commandKeys = {
  of: (device: string) => ['devices', 'commands', device] as const,
};

export type CommandPages = InfiniteData<Page<DeviceCommand>, unknown>;

/** How soon to look again: often while a young command waits. */
export function pollMs(pages: CommandPages | undefined, now: number): number {
  const isWatched = pages?.pages.some((page) =>
    page.items.some((one) => one.state === 'waiting' && now - Date.parse(one.sent_at) < WATCHED_MS),
  );
  return isWatched ? WAITING_POLL_MS : POLL_MS;
}

export const deviceCommandsQuery = (device: string) =>
  infiniteQueryOptions({
    queryKey: commandKeys.of(device),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DeviceCommand>>(
        `/devices/${device}/commands`,
        { limit: LOG_PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state }) => pollMs(state.data, Date.now()),
  });

/** The log with a command that was just sent, before it is read again. */
export function withSent(pages: CommandPages | undefined, sent: DeviceCommand): CommandPages | undefined {
  const [first, ...rest] = pages?.pages ?? [];
  if (!pages || !first) return pages;
  const others = first.items.filter((one) => one.id !== sent.id);
  return { ...pages, pages: [{ ...first, items: [sent, ...others] }, ...rest] };
}

export const deviceCommandApi = {
  /** The same key sends it once, however often it is tried. */
  send: (device: string, body: SendCommand, idempotencyKey: string) =>
    api.post<DeviceCommand>(`/devices/${device}/commands`, body, { idempotencyKey }),
};
