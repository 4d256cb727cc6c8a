import { API } from './client.ts';
import { EventStreamParser, type WireEvent } from './sse.ts';

/** A change that somebody made, as the server tells it. */
export interface LiveEvent {
  seq: number;
  kind: string;
  subject_id: string;
  at: string;
  body: Record<string, unknown>;
}

export type LiveState = 'connecting' | 'live' | 'waiting' | 'stopped';

export interface LiveHandlers {
  onEvent(event: LiveEvent): void;
  /** Events were missed that the server no longer keeps: read everything again. */
  onReset(): void;
  onState(state: LiveState): void;
}

export const BACKOFF_MS_MIN = 500;
export const BACKOFF_MS_MAX = 15_000;
/** The server sends a comment every 15 s; three missed ones mean that the line is dead. */
const SILENCE_MS_MAX = 45_000;

/** How long to wait before try `attempt` (0 first), spread so that many consoles do not come back at once. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** attempt);
  return Math.round(full * (0.5 + random / 2));
}

export function parseLiveEvent(wire: WireEvent): LiveEvent | undefined {
  try {
    const event = JSON.parse(wire.data) as Partial<LiveEvent>;
    const seq = event.seq ?? Number(wire.id);
    if (!Number.isFinite(seq)) return undefined;
    return {
      seq,
      kind: event.kind ?? wire.event,
      subject_id: event.subject_id ?? '',
      at: event.at ?? '',
      body: event.body ?? {},
    };
  } catch {
    return undefined;
  }
}

/** Keeps one stream open, resumes it where it broke, and never tells the same event twice. */
export class LiveHub {
  private readonly handlers: LiveHandlers;
  private seq = 0;
  private attempt = 0;
  private abort: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;

  constructor(handlers: LiveHandlers) {
    this.handlers = handlers;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    void this.connect();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    this.abort?.abort();
    this.handlers.onState('stopped');
  }

  private async connect(): Promise<void> {
    if (!this.running) return;
    this.handlers.onState('connecting');
    const abort = new AbortController();
    this.abort = abort;
    try {
      const response = await fetch(`${API}/live${this.seq ? `?after=${this.seq}` : ''}`, {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        signal: abort.signal,
      });
      if (response.status === 401 || response.status === 403) return this.stop();
      if (!response.ok || !response.body) throw new Error(`live answered ${response.status}`);
      this.attempt = 0;
      this.handlers.onState('live');
      await this.read(response.body, abort);
    } catch {
      // Whatever broke it, the answer is the same: come back later from the last event seen.
    }
    this.retry();
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    const parser = new EventStreamParser();
    for (;;) {
      const silence = setTimeout(() => abort.abort(), SILENCE_MS_MAX);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      for (const wire of parser.push(value)) this.tell(wire);
      const passed = Number(parser.id);
      if (Number.isFinite(passed)) this.seq = Math.max(this.seq, passed);
    }
  }

  private tell(wire: WireEvent): void {
    if (wire.event === 'reset') {
      const seq = Number(wire.id);
      if (Number.isFinite(seq)) this.seq = seq;
      this.handlers.onReset();
      return;
    }
    const event = parseLiveEvent(wire);
    if (!event || event.seq <= this.seq) return;
    this.seq = event.seq;
    this.handlers.onEvent(event);
  }

  private retry(): void {
    if (!this.running) return;
    this.handlers.onState('waiting');
    this.timer = setTimeout(() => void this.connect(), backoff(this.attempt, Math.random()));
    this.attempt += 1;
  }
}
