import assert from 'node:assert/strict';
import { SPOT } from './cases.mjs';

let counter = 0;
/** A code that no other device has. */
export const fresh = (kind) => `e2e-${kind}-${Date.now().toString(36)}-${++counter}`;

/** A device through the API. */
export async function register(city, page, more = {}) {
  const device = {
    code: fresh('dev'),
    name: '测试雨量站',
    profile: 'rain-gauge',
    protocol: 'http',
    position: SPOT,
    ...more,
  };
  const { status, body } = await city.call(page, 'POST', '/devices', device);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Readings of a device, as another system pushes them. */
export async function push(city, readings) {
  const page = await city.page('integrator', { path: '/favicon.svg' });
  const answer = await page.request.post('/api/v1/sensing/readings', {
    headers: { 'X-Yiwang-Csrf': '1', 'Content-Type': 'application/json' },
    data: readings,
  });
  assert.equal(answer.status(), 200, await answer.text());
  return page;
}
