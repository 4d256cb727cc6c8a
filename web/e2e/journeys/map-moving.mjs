import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';
import { mover, openMap } from '../map.mjs';

const PLACES_MIN = 3;

export const journeys = {
  'what moves is on the map, in the list, and has a card with its trail': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await mover(city, helper);
    const page = await openMap(city, 'duty', `?c=${one.lon},${one.lat},13&on=moving&tab=list`);
    const line = page.locator('.thing-list [data-layer="moving"]', { hasText: one.device });
    await line.waitFor();
    await page.locator('.thing-list').focus();
    await page.keyboard.press('Home');
    for (let tries = 0; tries < 60; tries += 1) {
      const current = await page.locator('.thing-line[data-current="true"]').textContent();
      if (current.includes(one.device)) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    const card = page.locator('.map-card', { hasText: one.device });
    await card.locator('h3', { hasText: one.name }).waitFor();
    await card.getByText('定位时间').waitFor();
    await page.waitForURL(new RegExp(`sel=moving%3A${one.device}`));
    await card.getByText('1 小时', { exact: true }).click();
    await page.waitForURL(/trail=1/);
    await card.locator('.trail-lines li').first().waitFor();
    assert.match(await card.locator('.trail-sum').textContent(), /[\d.]+ km/);
    await card.locator('.trail-lines button').first().click();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
  },

  'the map stays with what is followed until somebody drags it': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await mover(city, helper);
    const page = await openMap(
      city,
      'duty',
      `?c=${one.lon},${one.lat},16&on=moving&sel=moving:${one.device}&follow=1`,
    );
    await page.locator('.map-follow', { hasText: '正在跟随' }).waitFor();
    const places = new Set();
    const deadline = Date.now() + 120_000;
    while (places.size < PLACES_MIN) {
      assert.ok(Date.now() < deadline, 'the map does not go with it');
      places.add(new URL(page.url()).searchParams.get('c'));
      await page.waitForTimeout(1000);
    }
    const canvas = await page.locator('.yw-board canvas').boundingBox();
    await page.mouse.move(canvas.x + 200, canvas.y + 200);
    await page.mouse.down();
    await page.mouse.move(canvas.x + 300, canvas.y + 260, { steps: 5 });
    await page.mouse.up();
    await page.locator('.map-follow', { hasText: /^跟随$/ }).waitFor();
  },

  'what moves is asked for by revisions, and no more than twice a second': async (city) => {
    const page = await city.page('duty', { path: '/favicon.svg' });
    const asked = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/positions'))
        asked.push({ at: Date.now(), after: url.searchParams.get('after') });
    });
    await page.goto('/map?on=moving');
    await page.locator('.yw-board[data-ready="true"]').waitFor();
    while (asked.length < 6) await page.waitForTimeout(500);
    assert.equal(asked[0].after, '0');
    assert.ok(
      asked.slice(1).every(({ after }) => after !== '0'),
      'only what is new is asked for',
    );
    const seconds = (asked.at(-1).at - asked[0].at) / 1000;
    assert.ok((asked.length - 1) / seconds <= 2.2, `${asked.length} in ${seconds} s`);
  },

  'axe finds nothing on what moves and its trail': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await mover(city, helper);
    await city.closePages();
    const path = `/map?c=${one.lon},${one.lat},13&on=moving&tab=list&sel=moving:${one.device}&trail=1`;
    await assertPagesAccessible(city, [['duty', path, '.trail-sum']]);
  },
};
