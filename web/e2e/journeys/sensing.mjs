import assert from 'node:assert/strict';

export const journeys = {
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
