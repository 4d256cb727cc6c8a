import assert from 'node:assert/strict';

// A rule wants the water to stand for minutes before it says so.
const ALARM_PATIENCE_MS = 420_000;

/** An alarm of one device that is open, heard and not acknowledged; in the demo a storm brings some. */
async function openAlarm(city, page) {
  const wanted =
    '/alarms?open=true&acknowledged=false&shelved=false&suppressed=false&kind=single&members=true&limit=1';
  const first = async () => (await city.call(page, 'GET', wanted)).body.items[0];
  const found = await first();
  if (found) return found;
  assert.equal((await city.call(page, 'POST', '/demo/storm')).status, 200);
  const end = Date.now() + ALARM_PATIENCE_MS;
  while (Date.now() < end) {
    await page.waitForTimeout(2_000);
    const alarm = await first();
    if (alarm) return alarm;
  }
  throw new Error('the storm brought no alarm');
}

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

  'a device shows what it says, its curve and its frames': async (city) => {
    const page = await city.page('duty', {
      path: '/devices?profile=river-station&hearing=online',
      axe: true,
    });
    await page.locator('.side-list tr[data-pickable]').first().waitFor();
    await page.keyboard.press('j');
    await page.locator('.side-pane .series-chart [role="img"] canvas').first().waitFor();
    await page.locator('.history-controls').getByText('1 小时').click();
    await page.waitForURL(/range=h1/);
    await page.locator('.device-frames summary').first().click();
    await page.locator('.device-frames details[open] .frame-bytes pre').first().waitFor();
    await page.locator('[data-drawn]').first().waitFor();
    await city.assertAccessible(page, 'a device');
    await page.locator('.side-pane').press('Escape');
    await page.locator('.side-pane').waitFor({ state: 'detached' });
  },

  'the books of every way in are right': async (city) => {
    const page = await city.page('duty', { path: '/sensing' });
    await page.locator('.sensing-edges .yw-chip[data-tone="green"]').first().waitFor();
    assert.equal(await page.locator('.sensing-edges .yw-chip[data-tone="red"]').count(), 0);
  },
};
