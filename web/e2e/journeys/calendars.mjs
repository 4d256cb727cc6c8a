import assert from 'node:assert/strict';

/** Types a day and time as an officer does. */
async function type(field, words) {
  await field.click();
  await field.fill(words);
  await field.press('Enter');
}

export const journeys = {
  'a year shows its holidays, and a limit is computed by the server': async (city) => {
    const page = await city.page('dispatcher', { path: '/calendars?year=2026&name=office' });
    await page.locator('.day[title^="2026-10-01"][data-mark="holiday"]').waitFor();
    await page.locator('.day[title^="2026-10-10"][data-mark="workday"]').waitFor();
    await page.getByText('未核实').first().waitFor();
    // Friday 16:30 and four working hours, over a weekend.
    await type(page.getByLabel('开始时间'), '2026-11-27 16:30');
    await page.locator('.calculator [type="submit"]').click();
    await page.locator('.calculator-answer strong', { hasText: '11-30 周一 11:30' }).waitFor();
    // It stands for the whole Monday.
    await page.getByRole('button', { name: '添加暂停' }).click();
    const held = page.locator('.calculator-span input');
    await type(held.first(), '2026-11-30 00:00');
    await type(held.last(), '2026-12-01 00:00');
    await page.locator('.calculator [type="submit"]').click();
    await page.locator('.calculator-answer strong', { hasText: '12-01 周二 11:30' }).waitFor();
    assert.ok(
      (await page.locator('.calculator-answer p').textContent()).length > 20,
      'it is explained in words',
    );
  },

  'a code set names the items that cross over to it': async (city) => {
    const page = await city.page('analyst', { path: '/items?tab=codesets' });
    await page.locator('.codeset-items a').first().click();
    await page.locator('.item-detail .yw-table').waitFor();
  },
};
