import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';

const PHONE = { width: 390, height: 844 };

/** An indicator that a department's feed is; it has a number wherever the demo city sends its values. */
const FED = 'B01';
/** Closed in time: of cases, with towns compared. */
const OF_CASES = 'G06';

/** Account, address, and what must be there before the page is looked at. */
const PAGES = [
  ['duty', '/vitals', '.vitals-tile'],
  ['duty', '/vitals?sel=index', '.side-section:last-child .yw-table'],
  ['duty', '/vitals/indicators', '.indicator-body [role="row"]'],
  ['duty', `/vitals/indicators/${FED}`, '.vitals-now-value'],
  ['duty', `/vitals/indicators/${OF_CASES}`, '.vitals-limits'],
  ['duty', '/vitals/warnings?phase=all', '.early-trust tbody tr'],
  ['duty', '/vitals/notices?phase=all', '.vitals-list'],
  ['duty', '/vitals/report', '.report-index'],
  ['duty', '/vitals/feeds?sel=traffic.tpi', '.vitals-sample'],
];

const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

export const journeys = {
  'axe finds nothing on the pages of the vital signs, light and dark': (city) =>
    assertPagesAccessible(city, PAGES),

  'vital signs: the leader’s phone shows the index, what is red and the domains, each with what is behind it':
    async (city) => {
      const page = await city.page('leader', { path: '/vitals', viewport: PHONE, axe: true });
      const score = page.locator('.vitals-score');
      await score.waitFor();
      await page.locator('.vitals-tile').first().waitFor();
      assert.equal(await isWide(page), false, 'nothing is pushed sideways');
      const tops = await page.evaluate(() =>
        ['.vitals-index', '.vitals-breached', '.vitals-domains', '.vitals-notices'].map(
          (part) => document.querySelector(part).getBoundingClientRect().top,
        ),
      );
      assert.deepEqual(
        tops,
        tops.toSorted((a, b) => a - b),
        'index, red, domains, notices',
      );
      assert.equal(await page.locator('.vitals-tile').count(), 12);
      await city.assertAccessible(page, 'the overview on a phone');
      await score.click();
      await page.waitForURL(/sel=index/);
      await page.locator('.side-section:last-child .yw-table tbody tr').nth(11).waitFor();
      await page.locator('.side-head button').click();
      await page.locator('.vitals-tile button').first().click();
      await page.waitForURL(/sel=A/);
      await page.locator('.side-pane .side-note a').click();
      await page.waitForURL(/\/vitals\/indicators\?domain=A/);
      await page.locator('.indicator-body [role="row"]').first().waitFor();
      assert.equal(await isWide(page), false);
    },

  'vital signs: indicators are found by filters and words that stand in the address, and opened by keys':
    async (city) => {
      const page = await city.page('duty', { path: '/vitals/indicators' });
      const rows = page.locator('.indicator-body [role="row"]');
      await rows.first().waitFor();
      const drawn = await rows.count();
      const told = await page.locator('.vitals-list-foot').textContent();
      assert.match(told, /198/);
      assert.ok(drawn < 80, `only rows in sight are drawn, not ${drawn}`);
      await page.keyboard.press('/');
      await page.keyboard.type('asbjl');
      await page.waitForURL(/q=asbjl/);
      await page.locator(`#indicator-${OF_CASES}`).waitFor();
      await page.keyboard.press('Escape');
      await page.goto('/vitals/indicators?domain=G&state=waiting,normal,attention,warning,alarm&sort=code');
      await rows.first().waitFor();
      const codes = await rows.locator('.cell-indicator .yw-mono').allTextContents();
      assert.ok(codes.length > 0 && codes.every((code) => code.startsWith('G')), codes.join());
      assert.deepEqual(codes, codes.toSorted());
      await page.keyboard.press('j');
      await page.waitForURL(new RegExp(`sel=${codes[0]}`));
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`/vitals/indicators/${codes[0]}`));
      await page.locator('.vitals-now-value').waitFor();
    },

  'vital signs: one that waits says what for': async (city) => {
    const page = await city.page('duty', { path: '/vitals/indicators?state=waiting' });
    const row = page.locator('#indicator-L05');
    await row.waitFor();
    assert.ok((await row.locator('.cell-indicator .cell-two').textContent()).length > 10);
    await row.locator('a').click();
    await page.locator('.vitals-now .ant-alert').waitFor();
  },

  'vital signs: an indicator shows its curve, its limits, its towns and what stands behind it': async (
    city,
  ) => {
    const page = await city.page('duty', { path: `/vitals/indicators/${OF_CASES}` });
    await page.locator('.vitals-limits tbody tr').nth(2).waitFor();
    await page.locator('.vitals-ranks tbody tr').first().waitFor();
    await page.locator('.vitals-behind .vitals-facts li, .vitals-behind .vitals-note').first().waitFor();
    await page.locator('.vitals-behind .vitals-open').click();
    await page.waitForURL(/\/incidents\?/);
    await page.goto(`/vitals/indicators/${FED}?range=d7`);
    await page.locator('[data-drawn]').first().waitFor();
    assert.ok(Number(await page.locator('[data-drawn]').first().getAttribute('data-drawn')) > 0);
    await page.locator('.vitals-behind .vitals-facts a').click();
    await page.waitForURL(/\/vitals\/feeds\?sel=traffic\.tpi/);
    await page.locator('.vitals-sample').first().waitFor();
  },

  'vital signs: the palette leads to them': async (city) => {
    const page = await city.page('duty', { path: '/incidents' });
    await page.locator('.rail a[href="/vitals"]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: '命令面板' }).fill('体征指标');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/vitals\/indicators$/);
    assert.equal(await page.locator('.rail a[aria-current="page"]').getAttribute('href'), '/vitals');
  },
};
