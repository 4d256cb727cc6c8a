import assert from 'node:assert/strict';
import { give, openCase, report, state } from '../cases.mjs';

const rows = (page) => page.locator('.incident-list-body [role="row"]');
const search = (page) => new URL(page.url()).searchParams;

export const journeys = {
  'the queue is worked by keys alone': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents' });
    await rows(page).first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.equal(await rows(page).nth(1).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.locator('.detail-head h2').waitFor();
    assert.ok(search(page).get('sel'), 'the open case is in the address');
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor({ state: 'detached' });
    await page.keyboard.press('2');
    await page.waitForURL(/grade=ii/);
    await page.keyboard.press('2');
    await page.waitForURL((url) => !url.searchParams.has('grade'));
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('键盘快捷键').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  },

  'no key acts while somebody types': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents' });
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('j2x');
    assert.equal(await page.getByPlaceholder(/编号、标题、地址/).inputValue(), 'j2x');
    assert.equal(search(page).get('grade'), null);
  },

  'the palette finds pages and cases': async (city) => {
    const page = await city.page('dispatcher', { path: '/' });
    await page.locator('.rail').waitFor();
    const made = await report(city, page);
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: '命令面板' });
    await field.fill(made.number);
    await page.locator('.palette-list').getByText(made.title).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.detail-number', { hasText: made.number }).waitFor();
  },

  'filters are in the address and come back from it': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents?light=red,orange&sort=due' });
    await page.locator('.toggle[aria-pressed="true"]', { hasText: '超期' }).waitFor();
    await page.locator('.toggle', { hasText: '全部' }).click();
    await page.waitForURL(/scope=all/);
    await page.reload();
    await page.locator('.toggle[aria-pressed="true"]', { hasText: '全部' }).waitFor();
    assert.equal(search(page).get('light'), 'red,orange');
  },

  'another officer’s change arrives by itself': async (city) => {
    const watcher = await city.page('duty');
    const other = await city.page('dispatcher');
    const made = await report(city, other);
    await openCase(watcher, made.id);
    await watcher.locator('.top-bar-live[data-state="live"]').waitFor();
    await state(watcher).getByText('待立案').waitFor();
    // What is on the page now stays there: a reload would lose it.
    await watcher.evaluate(() => {
      document.body.dataset.untouched = 'yes';
    });
    const checks = made.checks.register.map((line) => line.code);
    await give(city, other, made.id, 'register', { checks });
    // How fast it is, bench-live.mjs measures; here it counts that nobody has to ask for it.
    await watcher.locator(`#case-${made.id}`).getByText('待派遣').waitFor();
    await state(watcher).getByText('待派遣').waitFor();
    assert.equal(await watcher.locator('body[data-untouched="yes"]').count(), 1, 'the page was loaded again');
  },

  'what is due within four hours is one key away': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents' });
    await rows(page).first().waitFor();
    await page.keyboard.press('d');
    await page.waitForURL(/within=4h/);
    assert.equal(search(page).get('sort'), 'due');
    await page.locator('.toggle[aria-pressed="true"]', { hasText: '4 小时内到期' }).click();
    await page.waitForURL((url) => !url.searchParams.has('within'));
  },

  'what turns next leads to its case': async (city) => {
    const page = await city.page('duty', { path: '/escalations?hours=72' });
    const row = page.locator('.yw-table').last().locator('tbody tr').first();
    await row.waitFor();
    const number = await row.locator('.yw-mono').textContent();
    await page.locator('.turn-counts .link-button').first().click();
    await page.waitForURL(/level=|clock=/);
    await page.getByRole('button', { name: '全部显示' }).click();
    await row.locator('a').click();
    await page.locator('.detail-number', { hasText: number }).waitFor();
  },

  'a unit is found by what is typed in pinyin': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents' });
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: /更多/ }).click();
    const field = page.getByRole('combobox', { name: '单位' });
    for (const typed of ['csglj', 'chengshiguanli']) {
      await field.fill(typed);
      await page.locator('.ant-select-item-option[title="城市管理局"]').waitFor();
    }
  },

  'a new case comes into the list by itself': async (city) => {
    const watcher = await city.page('duty', { path: '/incidents' });
    await rows(watcher).first().waitFor();
    await watcher.locator('.top-bar-live[data-state="live"]').waitFor();
    const made = await report(city, await city.page('dispatcher'));
    await watcher.locator(`#case-${made.id}`).waitFor();
  },

  'long lists draw only what is in sight': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents?scope=all' });
    await rows(page).first().click();
    await page.locator('.incident-list[aria-activedescendant]').waitFor();
    for (let turn = 0; turn < 6; turn += 1) {
      await page.locator('.incident-list').evaluate((list) => list.scrollBy(0, list.scrollHeight));
      await page.waitForTimeout(150);
    }
    assert.ok((await rows(page).count()) < 90, 'only the rows in sight may be drawn');
    const isNamed = await page
      .locator('.incident-list')
      .evaluate(
        (list) =>
          list.scrollTop > 2_000 &&
          Boolean(list.querySelector(`#${list.getAttribute('aria-activedescendant')}`)),
      );
    assert.ok(isNamed, 'far from it, the chosen case is still there for who does not see the list');
    await page
      .locator('.incident-list-foot')
      .getByText(/共|已载入/)
      .waitFor();
  },

  'every figure opens the cases that it counts': async (city) => {
    const page = await city.page('analyst', { path: '/' });
    await page.locator('.home-figure').first().waitFor();
    await page.locator('.home-bars a').first().click();
    await page.waitForURL(/\/incidents/);
    await rows(page).first().waitFor();
  },

  'the map has the case on it, drawn': async (city) => {
    const page = await city.page('dispatcher');
    const made = await report(city, page);
    await openCase(page, made.id);
    await page.keyboard.press('l');
    await page.locator('#case-map .yw-map[data-ready="true"]').waitFor();
    const canvas = await page.locator('#case-map canvas').boundingBox();
    assert.ok(canvas.width > 200 && canvas.height > 150, JSON.stringify(canvas));
  },
};
