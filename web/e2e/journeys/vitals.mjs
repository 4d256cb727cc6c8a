import assert from 'node:assert/strict';
import { assertPagesAccessible } from '../accessible.mjs';

const PHONE = { width: 390, height: 844 };

/** An indicator that a department's feed is; it has a number wherever the demo city sends its values. */
const FED = 'B01';
/** Closed in time: of cases, with towns compared. */
const OF_CASES = 'G06';
/** Of alarms, whose instants are known. */
const OF_ALARMS = 'D10';
/** How devices are heard, which is not kept. */
const OF_HEARING = 'L01';

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
      const { body: all } = await city.call(page, 'GET', '/indicators');
      assert.ok(told.includes(`${all.length}`), `${told} counts all ${all.length}`);
      assert.ok(all.length > 80, 'more than are drawn at once');
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

  'vital signs: the past is computed again at a second press, and where it cannot be, that is said': async (
    city,
  ) => {
    const page = await city.page('analyst', { path: `/vitals/indicators/${OF_ALARMS}` });
    const press = async () => {
      await page.getByRole('button', { name: '重新计算', exact: true }).click();
      await page.getByRole('button', { name: '再按一次确认' }).click();
    };
    await press();
    await page.getByText(/已从 .* 起重算 [1-9]\d* 个数值/).waitFor();
    await page.locator('.vitals-now-value').waitFor();
    await page.goto(`/vitals/indicators/${OF_HEARING}`);
    await page.getByText('设备当时是否在线没有留存').waitFor();
    assert.equal(await page.getByRole('button', { name: '重新计算', exact: true }).count(), 0);
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

  'vital signs: early warnings are found from the overview, with how far each can be trusted': async (
    city,
  ) => {
    const page = await city.page('duty', { path: '/vitals' });
    const strip = page.locator('.early-strip');
    await strip.getByRole('heading', { name: /将要超限 · \d+/ }).waitFor();
    await strip.getByRole('link', { name: '全部提前预警' }).click();
    await page.waitForURL(/\/vitals\/warnings/);
    const { body: warnings } = await city.call(page, 'GET', '/vital-warnings');
    const { body: scores } = await city.call(page, 'GET', '/vital-warnings/scores');
    assert.ok(scores.length > 20, 'many indicators can be warned of');
    await page
      .locator('.early-trust tbody tr')
      .nth(scores.length - 1)
      .waitFor();
    await page.getByText('近两日全部').click();
    await page.waitForURL(/phase=all/);
    if (warnings.length === 0) await page.getByText('今后 24 小时没有将要超限的指标').waitFor();
    else {
      const rows = page.locator('.early-list li');
      await rows.nth(warnings.length - 1).waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(/sel=/);
      await page.locator('.early-list li[data-current="true"]').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.early-own .early-list li').first().waitFor();
      await page.goBack();
    }
    const heads = page.locator('.early-trust thead');
    await heads.getByRole('button', { name: '误报率' }).click();
    await page.waitForURL(/sort=false/);
    await page.locator('.early-trust th[aria-sort="ascending"]').waitFor();
    await heads.getByRole('button', { name: '误报率' }).click();
    await page.waitForURL(/sort=-false/);
    await page.locator('.early-trust th[aria-sort="descending"]').waitFor();
    await page.getByText('实际给出（近 90 天）').click();
    await page.waitForURL(/by=given/);
    // Each says what it rests on, or that there is nothing to go by.
    const words = await page.locator('.early-trust td[data-column="cases"]').allTextContents();
    assert.ok(
      words.every((one) => /预警 \d+ 次，超限 \d+ 次|还没有给出过预警/.test(one)),
      words.join('\n'),
    );
    await page.locator('.early-trust tbody a').first().click();
    await page.waitForURL(/\/vitals\/indicators\/./);
    await page.locator('.early-own').getByText('提前预警').first().waitFor();
  },

  'vital signs: early warnings that cannot be read, or not any more, say so; who may not sees none': async (
    city,
  ) => {
    city.expect(/ERR_FAILED|Failed to load resource/);
    const page = await city.page('duty', { path: '/favicon.svg', viewport: PHONE, axe: true });
    await page.clock.install();
    let isBroken = false;
    await page.route('**/api/v1/vital-warnings*', (route) => (isBroken ? route.abort() : route.continue()));
    await page.goto('/vitals/warnings');
    await page.locator('.early-trust tbody tr').first().waitFor();
    await page.locator('.early-warnings .yw-state, .early-list li').first().waitFor();
    assert.equal(await isWide(page), false, 'nothing is pushed sideways');
    await city.assertAccessible(page, 'early warnings on a phone');
    isBroken = true;
    for (let minute = 0; minute < 4; minute += 1) await page.clock.runFor(60_000);
    await page.locator('.early-warnings .yw-stale').waitFor();
    await page.reload();
    for (let second = 0; second < 30; second += 1) await page.clock.runFor(1_000);
    await page.locator('.early-warnings').getByRole('alert').waitFor();
    const other = await city.page('admin.audit', { path: '/vitals/warnings' });
    await other.locator('[role="alert"]', { hasText: '没有权限查看此页面' }).waitFor();
  },

  'vital signs: the palette leads to them': async (city) => {
    const page = await city.page('duty', { path: '/incidents' });
    await page.locator('.rail a[href="/vitals"]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: '命令面板' }).fill('体征指标');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/vitals\/indicators$/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: '命令面板' }).fill('提前预警');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/vitals\/warnings$/);
    assert.equal(await page.locator('.rail a[aria-current="page"]').getAttribute('href'), '/vitals');
  },
};
