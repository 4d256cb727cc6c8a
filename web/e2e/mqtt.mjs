import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Where devices speak MQTT to the city; the usual port where nothing is said. */
const ADDRESS = process.env.MQTT_ADDRESS ?? '127.0.0.1:1883';
const PATIENCE_MS = 60_000;

const CONNECT = 0x10;
const CONNACK = 0x20;
const PUBLISH = 0x30;
const PUBLISH_QOS_1 = 0x32;
const PUBACK = 0x40;
const SUBSCRIBE = 0x82;
const SUBACK = 0x90;
/** User name, password, a session that ends with the connection. */
const CONNECT_FLAGS = 0xc2;
const KEEP_ALIVE_SECONDS = 300;

const number = (value) => Buffer.from([value >> 8, value & 255]);
const text = (words) => Buffer.concat([number(Buffer.byteLength(words)), Buffer.from(words)]);

function packet(kind, ...parts) {
  const body = Buffer.concat(parts);
  const length = [];
  for (let rest = body.length; rest > 0 || length.length === 0; rest >>= 7)
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([kind, ...length]), body]);
}

/** The first whole packet of what came, and what is left of it. */
function cut(bytes) {
  let [length, at, shift] = [0, 1, 0];
  for (; ; at += 1, shift += 7) {
    if (at >= bytes.length) return undefined;
    length |= (bytes[at] & 127) << shift;
    if (bytes[at] < 128) break;
  }
  const [from, end] = [at + 1, at + 1 + length];
  if (bytes.length < end) return undefined;
  return { kind: bytes[0] & 0xf0, body: bytes.subarray(from, end), rest: bytes.subarray(end) };
}

/** A device that listens to its commands over MQTT 3.1.1. Whoever opens it closes it. */
export async function listen({ code, profile }, token) {
  const [host, port] = ADDRESS.split(':');
  const socket = connect({ host, port: Number(port) });
  await once(socket, 'connect').catch((fault) => {
    throw new Error(`no MQTT at ${ADDRESS}; MQTT_ADDRESS must name the city's: ${fault.message}`);
  });
  const device = new Listener(socket, `yw/v1/${profile}/${code}`);
  socket.write(
    packet(
      CONNECT,
      text('MQTT'),
      Buffer.from([4, CONNECT_FLAGS]),
      number(KEEP_ALIVE_SECONDS),
      text(code),
      text(code),
      text(token),
    ),
  );
  assert.equal((await device.next(CONNACK))[1], 0, 'the city lets the device in');
  socket.write(packet(SUBSCRIBE, number(1), text(`${device.topic}/down/cmd`), Buffer.from([1])));
  assert.equal((await device.next(SUBACK))[2], 1, 'the device may subscribe to its commands');
  return device;
}

class Listener {
  constructor(socket, topic) {
    this.socket = socket;
    this.topic = topic;
    this.bytes = Buffer.alloc(0);
    this.packets = [];
    socket.on('data', (chunk) => this.take(chunk));
    // Whatever broke it, who waits is told by `next`.
    socket.on('error', () => undefined);
  }

  take(chunk) {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    for (let found = cut(this.bytes); found; found = cut(this.bytes)) {
      this.bytes = found.rest;
      this.packets.push(found);
      this.socket.emit('packet');
    }
  }

  /** The body of the next packet of a kind. */
  async next(kind) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const at = this.packets.findIndex((one) => one.kind === kind);
      if (at >= 0) return this.packets.splice(at, 1)[0].body;
      await once(this.socket, 'packet', { signal });
    }
  }

  /** The next command, acknowledged. */
  async command() {
    const body = await this.next(PUBLISH);
    const end = 2 + body.readUInt16BE(0);
    this.socket.write(packet(PUBACK, body.subarray(end, end + 2)));
    return JSON.parse(body.subarray(end + 2).toString());
  }

  reply(answer) {
    this.socket.write(
      packet(PUBLISH_QOS_1, text(`${this.topic}/up/reply`), number(7), Buffer.from(JSON.stringify(answer))),
    );
    return this.next(PUBACK);
  }

  close() {
    this.socket.destroy();
  }
}
