/** One event of a stream as the wire gives it. */
export interface WireEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** Cuts a text stream into server-sent events; keeps what is not complete yet. */
export class EventStreamParser {
  /** The last id that the stream gave, also with events that have no data. */
  id: string | undefined;
  private rest = '';
  private event = '';
  private data: string[] = [];

  push(chunk: string): WireEvent[] {
    this.rest += chunk;
    const out: WireEvent[] = [];
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r(?=.)/s);
      if (end < 0) return out;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith('\r\n', end) ? 2 : 1));
      const event = this.line(line);
      if (event) out.push(event);
    }
  }

  private line(line: string): WireEvent | undefined {
    if (line === '') return this.flush();
    if (line.startsWith(':')) return undefined;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id') this.id = value;
    return undefined;
  }

  private flush(): WireEvent | undefined {
    const event = { id: this.id, event: this.event || 'message', data: this.data.join('\n') };
    const empty = this.data.length === 0 && this.event === '';
    this.event = '';
    this.data = [];
    return empty ? undefined : event;
  }
}
