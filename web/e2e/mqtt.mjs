import assert from 'node:assert/strict';
import { on } from 'node:events';
import { connectAsync } from 'mqtt';

/** Where devices speak MQTT to the city; the usual port where nothing is said. */
const ADDRESS = process.env.MQTT_ADDRESS ?? '127.0.0.1:1883';
const PATIENCE_MS = 180_000;
/** MQTT 3.1.1 */
const VERSION = 4;

/** A device that listens to its commands through a client of a third party. Whoever opens it closes it. */
export async function listen({ code, profile }, token) {
  const options = {
    protocolVersion: VERSION,
    clientId: code,
    username: code,
    password: token,
    reconnectPeriod: 0,
  };
  const client = await connectAsync(`mqtt://${ADDRESS}`, options).catch((fault) => {
    throw new Error(`no MQTT at ${ADDRESS}; MQTT_ADDRESS must name the city's: ${fault.message}`);
  });
  // Whatever breaks it, who waits for a command is told in time.
  client.on('error', () => undefined);
  const topic = `yw/v1/${profile}/${code}`;
  // From before it listens, so that no command is passed over.
  const messages = on(client, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
  const [granted] = await client.subscribeAsync(`${topic}/down/cmd`, { qos: 1 });
  assert.equal(granted.qos, 1, 'the device may subscribe to its commands');
  return {
    /** The next command; the client acknowledges it. */
    command: async () => {
      const { value } = await messages.next();
      return JSON.parse(value[1].toString());
    },
    reply: (answer) => client.publishAsync(`${topic}/up/reply`, JSON.stringify(answer), { qos: 1 }),
    close: () => client.endAsync(true),
  };
}
