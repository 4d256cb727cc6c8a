import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';
import { openAlarm } from '../storm.mjs';

const button = (page, name) => page.locator('.alarm-actions').getByRole('button', { name, exact: true });

export const journeys = {
  'an alarm says why, with its picture, and is acknowledged, shelved and judged': async (city) => {
    const page = await city.page('dispatcher', { path: '/alarms', axe: true });
    const alarm = await openAlarm(city, page);
    await page.goto(`/alarms?sel=${alarm.id}`);
    await page.locator('.alarm-why').waitFor();
    await page.locator('.series-chart [role="img"] canvas').first().waitFor();
    await page.locator('[data-drawn]').first().waitFor();
    await city.assertAccessible(page, 'an alarm');
    await button(page, '确认').click();
    await page.locator('.side-note .yw-chip[data-tone="green"]').waitFor();
    await button(page, '搁置').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '4 小时' }).click();
    await dialog.getByLabel('理由').fill('现场已在处置');
    await city.assertAccessible(page, 'shelving');
    await dialog.getByRole('button', { name: '搁置', exact: true }).click();
    await button(page, '取消搁置').waitFor();
    await page.locator('.alarm-log', { hasText: '现场已在处置' }).waitFor();
    await button(page, '取消搁置').click();
    await button(page, '搁置').waitFor();
    await button(page, '属实').click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await page.locator('.alarm-log', { hasText: '研判' }).waitFor();
  },

  'who acts on an alarm that another has just changed is told so': async (city) => {
    const page = await city.page('dispatcher', { path: '/alarms' });
    const other = await city.page('duty', { path: '/alarms' });
    const alarm = await openAlarm(city, page);
    await page.goto(`/alarms?sel=${alarm.id}`);
    await page.route('**/acknowledge', async (route) => {
      const until = new Date(Date.now() + 600_000).toISOString();
      const body = { until, reason: '值班长先行搁置' };
      const answer = await city.call(other, 'POST', `/alarms/${alarm.id}/shelve`, body);
      assert.equal(answer.status, 200);
      await route.continue();
    });
    await button(page, '确认').click();
    await page.locator('.alarm-actions .ant-alert-warning').waitFor();
    await page.locator('.alarm-log', { hasText: '值班长先行搁置' }).waitFor();
    await page.unroute('**/acknowledge');
    assert.equal((await city.call(other, 'POST', `/alarms/${alarm.id}/unshelve`)).status, 200);
    await button(page, '搁置').waitFor();
    await button(page, '确认').click();
    await page.locator('.side-note .yw-chip[data-tone="green"]').waitFor();
  },

  'who may only look is shown no actions': async (city) => {
    const page = await city.page('analyst', { path: '/alarms?phase=all' });
    const alarm = await openAlarm(city, await city.page('dispatcher', { path: '/alarms' }));
    await page.goto(`/alarms?phase=all&sel=${alarm.id}`);
    await page.locator('.alarm-why').waitFor();
    assert.equal(await page.locator('.alarm-actions').count(), 0);
  },

  'axe finds nothing on the list of alarms, light in Chinese and dark in English': async (city) => {
    await openAlarm(city, await city.page('dispatcher', { path: '/favicon.svg' }));
    await assertPagesAccessible(city, [['dispatcher', '/alarms?phase=all', '.side-list tr[data-pickable]']]);
  },
};
