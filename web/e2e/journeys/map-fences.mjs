import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';
import { openMap } from '../map.mjs';

const HERE = '?c=120.27,31.9,12&on=fences&tab=fences';
let counter = 0;
const fresh = () => `走查围栏${Date.now().toString(36)}${++counter}`;
const plan = {
  outline: { kind: 'circle', centre: [120.27, 31.9], radius_m: 300 },
  concerns: { tags: ['vehicle'] },
  rules: { enter: true },
};

async function fence(city, page, name = fresh()) {
  const { status, body } = await city.call(page, 'POST', '/fences', { name, plan });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const drop = (city, page, { id }) => city.call(page, 'DELETE', `/fences/${id}`);

export const journeys = {
  'a fence is made by keys alone, switched off and removed': async (city) => {
    const page = await openMap(city, 'duty', HERE);
    const name = fresh();
    await page.getByRole('button', { name: '新建围栏' }).click();
    const form = page.locator('.map-card .map-form');
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByRole('alert').filter({ hasText: '请填名称' }).waitFor();
    await form.getByLabel('名称').fill(name);
    await form.getByLabel('角点坐标').fill('120.26,31.9\n120.28');
    await form.getByRole('alert').filter({ hasText: '第 2 行' }).waitFor();
    await form.getByLabel('角点坐标').fill('120.26,31.9\n120.28,31.9\n120.28,31.91');
    await form.getByLabel('限速（km/h）').fill('40');
    await form.getByRole('button', { name: '保存' }).click();
    const card = page.locator('.map-card', { hasText: name });
    await card.getByText('超速 40 km/h').waitFor();
    const found = (await city.call(page, 'GET', '/fences')).body.find((one) => one.name === name);
    assert.deepEqual(found.plan.outline.coordinates[0][0][0], [120.26, 31.9]);
    assert.equal(found.plan.rules.overspeed.kmh, 40);
    await card.getByRole('button', { name: '停用' }).click();
    await page.locator('.fence-list li', { hasText: name }).getByText('停用').waitFor();
    await card.getByRole('button', { name: '删除' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '删除' }).click();
    await page.locator('.fence-list li', { hasText: name }).waitFor({ state: 'detached' });
  },

  'a fence is drawn on the map': async (city) => {
    const page = await openMap(city, 'duty', `${HERE}&form=fence:`);
    const form = page.locator('.map-card .map-form');
    const name = fresh();
    await form.getByLabel('名称').fill(name);
    await form.getByText('圆', { exact: true }).click();
    await form.getByRole('button', { name: '在地图上画' }).click();
    const canvas = await page.locator('.yw-board canvas').boundingBox();
    await page.mouse.click(canvas.x + 300, canvas.y + 300);
    await page.mouse.click(canvas.x + 340, canvas.y + 300);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.map-form textarea')].some((field) =>
        /^120\.\d+,31\.\d+$/.test(field.value),
      ),
    );
    await form.getByRole('button', { name: '保存' }).click();
    await page.locator('.map-card h3', { hasText: name }).waitFor();
    const found = (await city.call(page, 'GET', '/fences')).body.find((one) => one.name === name);
    assert.equal(found.plan.outline.kind, 'circle');
    assert.ok(found.plan.outline.radius_m > 100);
    await drop(city, page, found);
  },

  'a fence that somebody else has just changed is not overwritten by chance': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await fence(city, helper);
    const page = await openMap(city, 'duty', `${HERE}&form=fence:${one.id}`);
    const form = page.locator('.map-card .map-form');
    await form.getByLabel('名称').fill(`${one.name}甲`);
    const theirs = await city.call(helper, 'PATCH', `/fences/${one.id}`, { name: `${one.name}乙` });
    assert.equal(theirs.status, 200);
    await form.getByRole('button', { name: '保存', exact: true }).click();
    await form.getByText('别人刚改过此围栏').waitFor();
    assert.equal(await form.getByLabel('名称').inputValue(), `${one.name}甲`);
    await form.getByRole('button', { name: '载入最新内容' }).click();
    assert.equal(await form.getByLabel('名称').inputValue(), `${one.name}乙`);
    await drop(city, page, one);
  },

  'who may not change the map sees fences and no way to change them': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await fence(city, helper);
    const page = await openMap(city, 'dispatcher', `${HERE}&sel=fences:${one.id}`);
    await page.locator('.map-card h3', { hasText: one.name }).waitFor();
    await page.locator('.fence-list li', { hasText: one.name }).waitFor();
    assert.equal(await page.getByRole('button', { name: '新建围栏' }).count(), 0);
    assert.equal(await page.locator('.map-card').getByRole('button', { name: '删除' }).count(), 0);
    await drop(city, helper, one);
  },

  'axe finds nothing on fences and their form': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await fence(city, helper);
    await assertPagesAccessible(city, [
      ['duty', `/map${HERE}&sel=fences:${one.id}`, '.map-card .yw-facts'],
      ['duty', `/map${HERE}&form=fence:${one.id}`, '.map-card .map-form'],
    ]);
    const again = await city.page('duty', { path: '/favicon.svg' });
    await drop(city, again, one);
  },
};
