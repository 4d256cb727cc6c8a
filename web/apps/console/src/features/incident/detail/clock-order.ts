import type { ClockView } from '@yiwang/api/types/incident.ts';

export const isRunning = (clock: ClockView): boolean =>
  !clock.stopped_at &&
  (clock.state === 'running' || clock.state === 'suspended' || clock.state === 'breached');

const dueMs = (clock: ClockView) => (clock.due_at ? Date.parse(clock.due_at) : Number.POSITIVE_INFINITY);

/** Running clocks first, the nearest due on top; then those that stopped, the latest on top. */
export function inOrder(clocks: readonly ClockView[]): ClockView[] {
  return [...clocks].sort((a, b) => {
    if (isRunning(a) !== isRunning(b)) return isRunning(a) ? -1 : 1;
    if (isRunning(a)) return dueMs(a) - dueMs(b);
    return Date.parse(b.stopped_at ?? b.started_at) - Date.parse(a.stopped_at ?? a.started_at);
  });
}

/** How much of the way from start to due has passed, 0 to 1. */
export function partUsed(clock: ClockView, now: number): number {
  if (!clock.due_at) return 0;
  const start = Date.parse(clock.started_at);
  const end = clock.stopped_at ? Date.parse(clock.stopped_at) : now;
  const whole = dueMs(clock) - start;
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (end - start) / whole));
}
