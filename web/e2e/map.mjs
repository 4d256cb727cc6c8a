import assert from 'node:assert/strict';

/** Opens the map and waits until it is drawn. */
export async function openMap(city, username, query = '', options = {}) {
  const page = await city.page(username, { path: `/map${query}`, ...options });
  await drawn(page);
  return page;
}

export const drawn = (page) => page.locator('.yw-board[data-ready="true"]').waitFor();

/** A component through the API, where no other is near. */
export async function component(city, page, change) {
  const { status, body } = await city.call(page, 'GET', '/layers/component/features?limit=500');
  assert.equal(status, 200);
  const found = body.items.filter((one) => one.state === 'intact');
  const one = found[Math.floor(found.length * change)];
  assert.ok(one, 'no component to look at');
  return one;
}

/** A close look at a feature, with the list beside it. */
export const closeTo = ({ geometry: { coordinates } }, more = '') =>
  `?c=${coordinates[0]},${coordinates[1]},17.5&on=component&tab=list${more}`;

/** The line of the list that shows a code. */
export const line = (page, code) => page.locator('.thing-list [role="option"]', { hasText: code });

/** Changes a feature through the API, on the version that it has now. */
export async function change(city, page, { layer, number }, body) {
  const now = await city.call(page, 'GET', `/layers/${layer}/features/${number}`);
  const headers = { 'If-Match': `"${now.body.version}"` };
  const answer = await city.call(page, 'PATCH', `/layers/${layer}/features/${number}`, body, headers);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

/** Something that moves, and where it is. */
export async function mover(city, page) {
  const { status, body } = await city.call(page, 'GET', '/positions');
  assert.equal(status, 200);
  const [one] = body.moved.toSorted((a, b) => b.at.localeCompare(a.at));
  assert.ok(one, 'nothing moves in this city');
  return one;
}
