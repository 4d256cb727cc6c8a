import type { IncidentDetail, Status } from '@yiwang/api/types/incident.ts';

/** The way on from each state, the usual step first. */
const MAIN: Record<Status, readonly string[]> = {
  received: ['accept', 'self-handle', 'answer', 'refuse', 'transfer', 'merge'],
  accepted: ['register', 'self-handle', 'send-back', 'merge'],
  registered: ['dispatch', 'conclude', 'consult'],
  dispatched: ['sign', 'assign', 'recall', 'request'],
  handling: ['finish-stage', 'report', 'contact', 'arrive', 'assign', 'request'],
  reported: ['verify'],
  verified: ['close', 'send-back'],
  closed: ['rate', 'reopen'],
  void: [],
  merged: ['unmerge'],
};

const ALWAYS_FIRST = ['decide', 'resume', 'answer-whistle'];
const BUTTONS_MAX = 4;

export interface Arranged {
  buttons: string[];
  more: string[];
}

/** The allowed commands, the likely ones as buttons and the others behind one. */
export function arrange(detail: Pick<IncidentDetail, 'status' | 'allowed'>): Arranged {
  const allowed = new Set(detail.allowed);
  const likely = [...ALWAYS_FIRST, ...MAIN[detail.status]].filter((command) => allowed.has(command));
  const buttons = likely.slice(0, BUTTONS_MAX);
  return { buttons, more: detail.allowed.filter((command) => !buttons.includes(command)) };
}

/** What a key stands for in this case: sign, hand on, ask to return; none when it is not allowed. */
export function commandOf(
  intent: 'sign' | 'assign' | 'note' | 'return',
  allowed: readonly string[],
): string | undefined {
  const wanted = {
    sign: ['sign'],
    assign: ['dispatch', 'conclude', 'assign'],
    note: ['note'],
    return: ['request'],
  };
  return wanted[intent].find((command) => allowed.includes(command));
}
