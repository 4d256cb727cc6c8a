import { describe, expect, it } from 'vitest';
import { BACKOFF_MS_MAX, backoff, parseLiveEvent } from './live.ts';
import { EventStreamParser } from './sse.ts';

describe('the event stream', () => {
  it('is cut into events wherever the chunks break', () => {
    const text = ': hello\n\nid: 7\nevent: incident.signed\ndata: {"seq":7}\n\nid: 8\ndata: a\ndata: b\n\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new EventStreamParser();
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(events).toEqual([
        { id: '7', event: 'incident.signed', data: '{"seq":7}' },
        { id: '8', event: 'message', data: 'a\nb' },
      ]);
    }
  });

  it('takes the sequence from the event or from its id, and drops what is not one', () => {
    expect(parseLiveEvent({ id: '9', event: 'incident.closed', data: '{"body":{"id":"x"}}' })).toMatchObject({
      seq: 9,
      kind: 'incident.closed',
      body: { id: 'x' },
    });
    expect(parseLiveEvent({ id: undefined, event: 'x', data: '{}' })).toBeUndefined();
    expect(parseLiveEvent({ id: '1', event: 'x', data: 'no json' })).toBeUndefined();
  });

  it('backs off up to a limit, and never to nothing', () => {
    expect(backoff(0, 0)).toBe(250);
    expect(backoff(0, 1)).toBe(500);
    expect(backoff(30, 1)).toBe(BACKOFF_MS_MAX);
    expect(backoff(30, 0)).toBe(BACKOFF_MS_MAX / 2);
  });
});
