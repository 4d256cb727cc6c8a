import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';
import { openMap } from '../map.mjs';

const HERE = '?c=120.27,31.9,14';
const PHONE = { width: 390, height: 844 };
let counter = 0;
const fresh = () => `走查${Date.now().toString(36)}${++counter}`;

/** Two roads, one of which has no length, and a column that the layer does not know. */
const roads = (code) => ({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { code, name: '走查路', colour: 'red' },
      geometry: {
        type: 'LineString',
        coordinates: [
          [120.27, 31.9],
          [120.28, 31.9],
        ],
      },
    },
    {
      type: 'Feature',
      properties: { code: `${code}b`, name: '不是路' },
      geometry: { type: 'Point', coordinates: [120.27, 31.9] },
    },
  ],
});

async function removeRoad(city, page, name) {
  const { body } = await city.call(page, 'GET', `/places/search?q=${encodeURIComponent(name)}`);
  for (const { number } of body.filter((one) => one.layer === 'road' && one.name === name))
    await city.call(page, 'DELETE', `/layers/road/features/${number}`);
}

export const journeys = {
  'a road is drawn with its attributes; what is refused stands at its field': async (city) => {
    const page = await openMap(city, 'duty', `${HERE}&on=road`);
    await page.getByRole('button', { name: '新增要素：道路' }).click();
    const form = page.locator('.map-card .map-form');
    const name = fresh();
    await form.getByLabel('名称').fill(name);
    await form.getByLabel('车道数').fill('四');
    await form.getByRole('button', { name: '画到图上' }).click();
    await form.getByRole('alert').filter({ hasText: '还没有范围' }).waitFor();
    await form.getByLabel('各点坐标').fill('120.27,31.9\n120.275,31.902');
    await form.getByRole('button', { name: '画到图上' }).click();
    await form.locator('.map-field', { hasText: '车道数' }).getByRole('alert').waitFor();
    await form.getByLabel('车道数').fill('4');
    await form.getByRole('button', { name: '画到图上' }).click();
    await page.locator('.map-card h3', { hasText: name }).waitFor();
    await page.waitForURL(/sel=road%3A\d+/);
    await page.locator('.map-card', { hasText: '车道数' }).waitFor();
    await removeRoad(city, page, name);
  },

  'a file is rehearsed in a system that somebody chose, and then imported': async (city) => {
    const page = await openMap(city, 'duty', `${HERE}&on=road`);
    await page.getByRole('button', { name: '导入：道路' }).click();
    const dialog = page.getByRole('dialog');
    const code = fresh();
    await dialog.locator('input[type="file"]').setInputFiles({
      name: `${code}.geojson`,
      mimeType: 'application/geo+json',
      buffer: Buffer.from(JSON.stringify(roads(code))),
    });
    assert.ok(await dialog.getByRole('button', { name: '先演练' }).isDisabled(), 'no system is guessed');
    await dialog.getByLabel('坐标系').click();
    await page.locator('.ant-select-item-option', { hasText: 'CGCS2000 经纬度' }).click();
    await dialog.getByRole('button', { name: '先演练' }).click();
    await dialog.getByText('演练结果：什么都没有写入').waitFor();
    const outcome = dialog.locator('.import-outcome');
    await outcome.getByText('第 2 条').waitFor();
    await outcome.getByText('colour').waitFor();
    await dialog.getByRole('button', { name: '正式导入 1 条' }).click();
    await dialog.getByText('已导入', { exact: true }).waitFor();
    const past = dialog.locator('.import-past li', { hasText: `${code}.geojson` });
    await past.first().waitFor();
    assert.equal(await past.count(), 2);
    await past.first().getByRole('button', { name: '看错的 1 条' }).click();
    await past.first().getByText('第 2 条').waitFor();
    await removeRoad(city, page, '走查路');
  },

  'a layer is made paler and lifted above its like, and the address says so': async (city) => {
    const page = await openMap(city, 'duty', `${HERE}&on=town,village,road`);
    await page.getByText('叠放与透明度').click();
    await page.getByRole('slider', { name: '不透明度：道路' }).fill('40');
    await page.waitForURL(/op=road%3A40/);
    const order = page.locator('.layer-stack li > span');
    assert.deepEqual(await order.allTextContents(), ['道路', '村社区', '镇街']);
    await page.getByRole('button', { name: '上移：镇街' }).click();
    await page.waitForURL(/ord=/);
    const other = await openMap(city, 'dispatcher', new URL(page.url()).search);
    await other.getByText('叠放与透明度').click();
    assert.deepEqual(await other.locator('.layer-stack li > span').allTextContents(), [
      '道路',
      '镇街',
      '村社区',
    ]);
    assert.equal(await other.getByRole('slider', { name: '不透明度：道路' }).inputValue(), '40');
  },

  'on a phone the panels are a sheet over the map': async (city) => {
    const page = await openMap(city, 'duty', `${HERE}&on=town,road`, { viewport: PHONE });
    const handle = page.getByRole('button', { name: '展开面板' });
    const map = await page.locator('.yw-board').boundingBox();
    assert.ok(map.height > 400, `the map has ${map.height} pixels`);
    await handle.click();
    await page.getByRole('checkbox', { name: '道路' }).waitFor();
    await page.getByRole('checkbox', { name: '道路' }).uncheck();
    await page.waitForURL(/on=town(&|$)/);
    await page.getByRole('button', { name: '收起面板' }).click();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= PHONE.width, `${wide} pixels wide`);
  },

  'axe finds nothing on drawing and importing': async (city) => {
    await assertPagesAccessible(city, [
      ['duty', `/map${HERE}&on=road&form=feature:road`, '.map-card .map-form'],
    ]);
    // A dialog lies over what turns a page over: each is opened as it is looked at.
    for (const [theme, language] of [
      ['light', 'zh-CN'],
      ['dark', 'en'],
    ]) {
      const path = `/map${HERE}&on=road&form=import:road`;
      const page = await city.page('duty', { path, theme, language, axe: true });
      await page.locator('.ant-modal .map-form').waitFor();
      await city.assertAccessible(page, `${path} (${theme}, ${language})`);
    }
  },
};
