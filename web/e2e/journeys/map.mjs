import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertPagesAccessible } from '../accessible.mjs';
import { report } from '../cases.mjs';
import { change, closeTo, component, line, openMap } from '../map.mjs';

const SEEN_MS_MAX = 2_000;
const countOf = async (page, layer) =>
  Number((await page.locator(`[data-layer="${layer}"] .layer-count`).textContent()).replaceAll(',', ''));

export const journeys = {
  'layers are shown, switched, and stand in the address': async (city) => {
    const page = await openMap(city, 'duty');
    const tree = page.locator('.layer-tree');
    assert.ok((await countOf(page, 'component')) > 1000);
    await tree.locator('[data-layer="component"]', { hasText: '未核实' }).waitFor();
    const roads = tree.getByRole('checkbox', { name: '道路' });
    assert.equal(await roads.isChecked(), false);
    const asked = page.waitForResponse((answer) => answer.url().includes('/layers/road/tiles/'));
    await roads.check();
    assert.equal((await asked).status(), 200);
    const components = tree.getByRole('checkbox', { name: '城市部件' });
    assert.equal(await components.isChecked(), false);
    await components.check();
    await page.waitForURL(/on=[^&]*component/);
    await components.uncheck();
    await tree.getByRole('checkbox', { name: '在办案件' }).uncheck();
    await page.waitForURL(/on=[^&]*road/);
    const shown = new URL(page.url()).searchParams.get('on').split(',');
    assert.ok(!shown.includes('component') && !shown.includes('cases'));
    // The link shows the same to somebody else.
    const other = await openMap(city, 'dispatcher', new URL(page.url()).search);
    assert.ok(await other.getByRole('checkbox', { name: '道路' }).isChecked());
    assert.ok(!(await other.getByRole('checkbox', { name: '城市部件' }).isChecked()));
  },

  'a component is found, opened and left by keys alone': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await component(city, helper, 0.3);
    const page = await openMap(city, 'duty', closeTo(one));
    await line(page, one.code).waitFor();
    await page.locator('.thing-list').focus();
    await page.keyboard.press('Home');
    for (let tries = 0; tries < 60; tries += 1) {
      const current = await page.locator('.thing-line[data-current="true"]').textContent();
      if (current.includes(one.code)) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    const card = page.locator('.map-card');
    await card.locator('.map-state', { hasText: '完好' }).waitFor();
    await card.getByText(one.code).waitFor();
    assert.ok(new URL(page.url()).searchParams.get('sel').endsWith(one.code));
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    assert.ok(await page.locator('.thing-list').evaluate((list) => list === document.activeElement));
  },

  'a state that one changes is seen by another within two seconds': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await component(city, helper, 0.5);
    const duty = await openMap(city, 'duty', closeTo(one, `&sel=component:${one.number}`));
    const other = await openMap(city, 'dispatcher', closeTo(one));
    await line(other, one.code).filter({ hasText: '完好' }).waitFor();
    // Who may only look is offered nothing to change.
    await line(other, one.code).click();
    await other.locator('.map-state', { hasText: '完好' }).waitFor();
    assert.equal(await other.locator('.map-actions').count(), 0);
    await duty.locator('.map-actions').getByRole('combobox').click();
    await duty.locator('.ant-select-item-option[title="破损"]').click();
    const tile = () =>
      other.waitForResponse(
        (answer) => answer.url().includes('/layers/component/tiles/') && answer.status() === 200,
      );
    const asked = tile();
    await duty.getByRole('button', { name: '保存状态' }).click();
    await duty.locator('.map-state[data-state="damaged"]').waitFor();
    await other.locator('.map-state[data-state="damaged"]').waitFor();
    await asked;
    await line(other, one.code).filter({ hasText: '破损' }).waitFor();
    // The time is that of who looks: a second map that draws in software on the same machine is not part of it.
    await duty.close();
    const times = [];
    for (const state of ['intact', 'damaged', 'intact']) {
      const drawn = tile();
      await change(city, helper, one, { state });
      const saved = Date.now();
      await other.locator(`.map-state[data-state="${state}"]`).waitFor();
      await drawn;
      times.push(Date.now() - saved);
    }
    const [, median] = times.toSorted((a, b) => a - b);
    assert.ok(median < SEEN_MS_MAX, `seen after ${times} ms`);
  },

  'who changes what another has just changed is told so': async (city) => {
    const helper = await city.page('analyst', { path: '/favicon.svg' });
    const one = await component(city, helper, 0.7);
    const page = await openMap(city, 'duty', closeTo(one, `&sel=component:${one.number}`));
    await page.locator('.map-actions').getByRole('combobox').click();
    await page.locator('.ant-select-item-option[title="丢失"]').click();
    await page.route(`**/features/${one.number}`, async (route) => {
      if (route.request().method() === 'PATCH') await change(city, helper, one, { state: 'damaged' });
      await route.continue();
    });
    await page.getByRole('button', { name: '保存状态' }).click();
    await page.locator('.map-actions .ant-alert-warning', { hasText: '别人刚改过' }).waitFor();
    await page.locator('.map-state[data-state="damaged"]').waitFor();
    await page.unroute(`**/features/${one.number}`);
    await change(city, helper, one, { state: 'intact' });
  },

  'a component is moved by a click and taken back': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await component(city, helper, 0.9);
    const page = await openMap(city, 'duty', closeTo(one, `&sel=component:${one.number}`));
    await page.getByRole('button', { name: '移动位置' }).click();
    const { width, height } = await page.locator('.yw-board').boundingBox();
    await page.locator('.yw-board canvas').click({ position: { x: width / 2 + 40, y: height / 2 - 30 } });
    await page.locator('.map-hint', { hasText: '离原位置' }).waitFor();
    await page.getByRole('button', { name: '移到此处' }).click();
    await page.getByRole('button', { name: '移动位置' }).waitFor();
    const moved = await city.call(helper, 'GET', `/layers/component/features/${one.number}`);
    assert.notDeepEqual(moved.body.geometry, one.geometry);
    await change(city, helper, one, { geometry: one.geometry });
  },

  'who is responsible for less sees less': async (city) => {
    const all = await openMap(city, 'dispatcher');
    const some = await openMap(city, 'handler');
    const [many, few] = [await countOf(all, 'device'), await countOf(some, 'device')];
    assert.ok(few > 0 && few < many, `${few} of ${many}`);
    const none = await openMap(city, '320281001001.1');
    assert.equal(await countOf(none, 'device'), 0);
  },

  'the map before there was one is empty and says so': async (city) => {
    const before = new Date(Date.now() - 20 * 86_400_000).toISOString();
    const page = await openMap(city, 'duty', `?at=${before}&tab=list`);
    await page.locator('.map-past', { hasText: '历史地图' }).waitFor();
    await page.locator('.map-past-lost').first().waitFor();
    await page.locator('.yw-state', { hasText: '视野内没有所选图层的要素' }).waitFor();
    await page.getByRole('tab', { name: '图层' }).click();
    await page.getByText('那一刻未办结的案件').first().waitFor();
    await page.locator('.map-past').getByRole('button', { name: '回到实时' }).click();
    await page.locator('.map-past').waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('at'), null);
    await page.getByRole('button', { name: '退一小时' }).click();
    await page.locator('.map-past').waitFor();
  },

  'a search flies to a case, an area and a device': async (city) => {
    const helper = await city.page('dispatcher', { path: '/favicon.svg' });
    const made = await report(city, helper);
    const page = await openMap(city, 'dispatcher');
    const field = page.getByRole('combobox', { name: '在地图上查找' });
    for (const [text, card] of [
      [made.number, made.title],
      ['青阳镇', '青阳镇'],
      ['320281RQ0001', '燃气探测器'],
    ]) {
      await page.keyboard.press('/');
      await field.fill(text);
      await page.locator('#map-found [aria-selected="true"]', { hasText: text }).waitFor();
      await field.press('Enter');
      await page.locator('.map-card h3', { hasText: card }).waitFor();
      await page.locator('.map-card').focus();
    }
    await page.goto(`/map?sel=cases:${made.id}`);
    await page.getByRole('link', { name: '打开案件' }).click();
    await page.locator('.detail-head h2', { hasText: made.title }).waitFor();
  },

  'a region is selected, counted and downloaded; a way is measured by keys': async (city) => {
    const page = await openMap(city, 'duty', '?c=120.2849,31.9108,14&on=component,device,cases,town');
    await page.getByRole('button', { name: '矩形选' }).click();
    const { x, y, width, height } = await page.locator('.yw-board').boundingBox();
    await page.mouse.move(x + width * 0.3, y + height * 0.3);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height * 0.5, { steps: 4 });
    await page.mouse.move(x + width * 0.7, y + height * 0.7, { steps: 4 });
    await page.mouse.up();
    await page.locator('.region-head [data-layer="component"] dd').waitFor();
    const count = Number(await page.locator('.region-head [data-layer="component"] dd').textContent());
    const came = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载表格' }).click();
    const text = await readFile(await (await came).path(), 'utf8');
    assert.equal(text.split('\r\n').filter((row) => row.startsWith('城市部件,')).length, count);
    await page.getByRole('button', { name: '测距' }).click();
    await page.locator('.yw-board canvas').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(600);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.locator('.map-readout', { hasText: /长 [\d.]+ k?m/ }).waitFor();
    await page.getByRole('button', { name: '结束' }).click();
    await page.locator('.map-readout').waitFor({ state: 'detached' });
  },

  'axe finds nothing on the map, light in Chinese and dark in English': async (city) => {
    const helper = await city.page('duty', { path: '/favicon.svg' });
    const one = await component(city, helper, 0.2);
    await city.closePages();
    const ready = '.yw-board[data-ready="true"]';
    await assertPagesAccessible(city, [
      ['duty', '/map', ready],
      ['duty', `/map${closeTo(one, `&sel=component:${one.number}`)}`, '.map-state'],
      ['duty', '/map?at=2026-01-01T00:00:00Z', '.map-past'],
    ]);
  },
};
