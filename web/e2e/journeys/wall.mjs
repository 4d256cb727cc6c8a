import assert from 'node:assert/strict';

const ACCOUNTS = ['analyst', 'admin.system', 'supervisor', 'leader', 'duty'];
const WIDE = { width: 1920, height: 1080 };
/** Screens of the packs whose maps show what moves. */
const WITH_MOVING = ['city-overview', 'flood'];
/** Longer than an answer that waits for something to move. */
const QUIET_MS = 25_000;
const SHOWN = '.ww[data-state="shown"]';

/** The first screen that an account sees, and an account that may draw screens. */
async function firstScreen(city, page) {
  const { status, body } = await city.call(page, 'GET', '/screens');
  assert.equal(status, 200);
  assert.ok(body.length > 0, 'the city has a screen');
  return body.toSorted((one, other) => one.order - other.order)[0];
}

async function drawer(city) {
  for (const account of ACCOUNTS) {
    const page = await city.page(account, { path: '/favicon.svg', viewport: WIDE });
    const me = await city.call(page, 'GET', '/me');
    if (me.body.actions.includes('screens.edit')) return { account, page };
  }
  throw new Error('no demo account may draw screens');
}

/** Widgets whose words are cut off above, below or by another one. */
const overlaps = (page) =>
  page.evaluate(() => {
    const cells = [...document.querySelectorAll('.wall-cell')].map((cell) => cell.getBoundingClientRect());
    const meet = (one, other) =>
      one.left < other.right - 1 &&
      other.left < one.right - 1 &&
      one.top < other.bottom - 1 &&
      other.top < one.bottom - 1;
    return cells.flatMap((one, index) => cells.slice(index + 1).filter((other) => meet(one, other))).length;
  });

async function openWall(page, path = '/wall') {
  await page.goto(path);
  await page.locator('.wall-grid').waitFor();
  await page.locator(SHOWN).first().waitFor();
}

export const journeys = {
  'wall: the layout follows the window, and nothing is scaled or laid over another': async (city) => {
    const page = await city.page('leader', { viewport: WIDE });
    const screen = await firstScreen(city, page);
    await openWall(page);
    for (const [width, height, key] of [
      [1920, 1080, '16:9'],
      [5760, 1080, '48:9'],
      [390, 844, 'phone'],
    ]) {
      await page.setViewportSize({ width, height });
      const wanted = screen.layouts.includes(key) || key === 'phone' ? key : undefined;
      if (wanted) await page.locator(`.wall[data-layout="${wanted}"]`).waitFor();
      assert.equal(await overlaps(page), 0, key);
      assert.equal(await page.locator('.wall').evaluate((wall) => getComputedStyle(wall).transform), 'none');
    }
  },

  'wall: a number says what it means, and leads to what stands behind it': async (city) => {
    const page = await city.page('leader', { viewport: WIDE });
    await openWall(page);
    const card = page.locator('.ww-kpi-card').first();
    await card.focus();
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog', { name: '数字说明' });
    for (const word of ['计算方法', '数据来源', '责任单位', '阈值', '口径核实'])
      await sheet.getByText(word, { exact: true }).waitFor();
    await sheet.locator('.ww-explain-ways a').first().waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await card.click();
    await sheet.locator('.ww-explain-ways a').first().click();
    await page.waitForURL((url) => !url.pathname.startsWith('/wall'));
  },

  'wall: numbers of an area are one read, however many widgets show them': async (city) => {
    const page = await city.page('leader', { viewport: WIDE });
    const { code } = await firstScreen(city, page);
    const { refresh_seconds } = (await city.call(page, 'GET', `/screens/${code}`)).body.screen;
    let reads = 0;
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname === '/api/v1/indicators' && search === '') reads += 1;
    });
    const begun = Date.now();
    await openWall(page);
    await page.locator('.ww[data-state="loading"]').first().waitFor({ state: 'detached' });
    const rounds = 1 + Math.ceil((Date.now() - begun) / 1000 / refresh_seconds);
    const places = await page.locator('.wall-cell').count();
    assert.ok(places > 3 && reads <= rounds, `${reads} reads in ${rounds} rounds for ${places} widgets`);
  },

  'wall: a kiosk has no bar, stops at a key and is left by Escape': async (city) => {
    const page = await city.page('leader', { viewport: WIDE });
    await openWall(page, '/wall?kiosk=1&rotate=600');
    assert.equal(await page.locator('.wall-bar').count(), 0);
    const { body } = await city.call(page, 'GET', '/screens');
    await page.keyboard.press('p');
    await page.getByText('轮播已暂停').waitFor();
    await page.keyboard.press('p');
    await page.getByText('轮播已暂停').waitFor({ state: 'hidden' });
    assert.ok(body.length > 0);
    await page.keyboard.press('Escape');
    await page.locator('.wall-bar').waitFor();
    assert.ok(!page.url().includes('kiosk'));
  },

  'wall: what has stopped coming is told, with the time': async (city) => {
    const page = await city.page('leader', { viewport: WIDE });
    city.expect(/ERR_FAILED|Failed to load resource/);
    await page.clock.install();
    await openWall(page);
    await page.route('**/api/v1/**', (route) => route.abort());
    const { refresh_seconds } = (
      await city.call(page, 'GET', `/screens/${(await firstScreen(city, page)).code}`)
    ).body.screen;
    for (let round = 0; round < 6; round += 1) await page.clock.runFor(refresh_seconds * 1000);
    await page.getByText(/数据停更 \d\d:\d\d/).waitFor();
  },

  'wall: what moves is on the map, leads to the map, and is asked for no more once the screen is gone':
    async (city) => {
      const page = await city.page('leader', { viewport: WIDE, path: '/favicon.svg' });
      const asked = [];
      page.on('request', (request) => {
        if (new URL(request.url()).pathname === '/api/v1/positions') asked.push(Date.now());
      });
      await openWall(page, '/wall/flood');
      const legend = page.locator('.ww-map-legend');
      await legend.getByText(/移动对象 [1-9]/).waitFor();
      for (const word of ['行驶', '停', '久未更新']) await legend.getByText(word, { exact: true }).waitFor();
      // Another screen in the same page: nothing of the one before may go on.
      const { body: screens } = await city.call(page, 'GET', '/screens');
      const other = screens.find(({ code }) => !WITH_MOVING.includes(code));
      await page.locator('.wall-bar nav').getByRole('button', { name: other.title.zh }).click();
      await page.waitForURL(new RegExp(`/wall/${other.code}`));
      await legend.waitFor({ state: 'detached' });
      const before = asked.length;
      assert.ok(before > 0);
      await page.waitForTimeout(QUIET_MS);
      assert.equal(asked.length, before, 'a map that is gone asks for positions');
    },

  'wall: positions that come no more are told on the map, which stays': async (city) => {
    const page = await city.page('leader', { viewport: WIDE, path: '/favicon.svg' });
    city.expect(/ERR_FAILED|Failed to load resource/);
    await openWall(page, '/wall/flood');
    const legend = page.locator('.ww-map-legend');
    await legend.getByText(/移动对象 [1-9]/).waitFor();
    await page.route('**/api/v1/positions?*', (route) => route.abort());
    await legend.getByText(/位置停更 \d\d:\d\d/).waitFor();
    await page.locator('.wall-cell[data-kind="map"] canvas').waitFor();
  },

  'wall: who may not see what moves is told so, and the rest of the map stays': async (city) => {
    city.expect(/status of 403/);
    const page = await city.page('intake', { viewport: WIDE, path: '/favicon.svg' });
    await openWall(page, '/wall/flood');
    const legend = page.locator('.ww-map-legend');
    await legend.getByText('无权查看位置').waitFor();
    await page.locator('.wall-cell[data-kind="map"] canvas').waitFor();
    await page.locator('.wall-cell[data-kind="map"] .ww[data-state="shown"]').waitFor();
  },

  'wall: a screen is drawn by keys, checked, published and restored': async (city) => {
    const { page } = await drawer(city);
    const code = `e2e-${Date.now().toString(36)}`;
    await page.goto(`/wall/${code}/edit`);
    await page.getByLabel('添加组件').click();
    await page.getByTitle('城市体征指数').click();
    const cell = (column, row) => page.locator(`[data-cell="${column},${row}"]`);
    await cell(0, 0).focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('.screen-cell[data-own="true"]').nth(1).waitFor();
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('草稿已保存').waitFor();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByLabel('发布说明').fill('第一版');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /发\s?布/ })
      .click();
    await page.getByText('已发布第 1 版').waitFor();
    await page.goto(`/wall/${code}`);
    await page.locator('.wall-cell[data-kind="index"]').waitFor();
    const removed = await city.call(page, 'DELETE', `/screens/${code}`);
    assert.equal(removed.status, 204);
  },

  'wall: an older version is restored, and the draft that stood in its way goes with a word': async (
    city,
  ) => {
    const { page } = await drawer(city);
    const code = `e2e-r-${Date.now().toString(36)}`;
    const screenOf = (zh) => ({
      ...{ code, title: { zh }, order: 900, refresh_seconds: 15 },
      layouts: { '16:9': { columns: [1], rows: [1], areas: ['clock'] } },
      widgets: [{ area: 'clock', kind: 'clock' }],
    });
    for (const [revision, zh] of [
      [null, '最初的屏'],
      [null, '改过的屏'],
    ]) {
      const shown = await city.call(page, 'GET', `/screens/${code}`);
      const based_on = shown.status === 200 ? shown.body.version : null;
      const saved = await city.call(page, 'PUT', `/screens/${code}/draft`, {
        ...{ screen: screenOf(zh), based_on, revision },
      });
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
      const note = { revision: saved.body.revision, note: zh };
      assert.equal((await city.call(page, 'POST', `/screens/${code}/publish`, note)).status, 200);
    }
    await page.goto(`/wall/${code}/edit`);
    const title = page.locator('.screen-form').last().getByLabel('中文标题');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[aria-label="中文标题"]')].some((field) => field.value === '改过的屏'),
    );
    await title.fill('没发布的屏');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('草稿已保存').waitFor();
    const older = page.locator('.screen-versions li', { hasText: '最初的屏' });
    await older.getByRole('button', { name: '恢复此版' }).click();
    const ask = page.locator('.ant-popconfirm', { hasText: '恢复第 1 版' });
    await ask.getByText('尚未发布的草稿和修改会丢失').waitFor();
    await ask.locator('.ant-btn-primary').click();
    await page.getByText('已发布第 3 版').waitFor();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[aria-label="中文标题"]')].some((field) => field.value === '最初的屏'),
    );
    await page.locator('.screen-versions li', { hasText: '恢复第 1 版' }).getByText('当前').waitFor();
    assert.equal((await city.call(page, 'GET', `/screens/${code}/draft`)).status, 404);
    const { body } = await city.call(page, 'GET', `/screens/${code}`);
    assert.deepEqual([body.version, body.screen.title.zh], [3, '最初的屏']);
    assert.equal(await page.getByRole('button', { name: '发布', exact: true }).isEnabled(), false);
    assert.equal((await city.call(page, 'DELETE', `/screens/${code}`)).status, 204);
  },

  'wall: what the server finds stands at its field, leads there, and goes once it is mended': async (
    city,
  ) => {
    const { page } = await drawer(city);
    const code = `e2e-f-${Date.now().toString(36)}`;
    await page.goto(`/wall/${code}/edit`);
    await page.getByLabel('添加组件').click();
    await page.getByTitle('关键指标').click();
    const cell = (column, row) => page.locator(`[data-cell="${column},${row}"]`);
    await cell(0, 0).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '保存草稿' }).click();
    const indicators = page.locator('.screen-row', { hasText: '指标（最多' });
    await indicators.getByRole('alert').getByText('必填').waitFor();
    await page.getByText('1 个问题改好后才能发布').waitFor();
    // It cannot be published, and that it was tried tells the same.
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByLabel('发布说明').fill('不该成');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /发\s?布/ })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('.screen-findings').getByText('必填').waitFor();
    assert.equal((await city.call(page, 'GET', `/screens/${code}`)).status, 404);
    // A list with a filter that there is not: another widget, found at another field.
    await page.getByLabel('添加组件').click();
    await page.keyboard.type('列表');
    await page.keyboard.press('Enter');
    await cell(1, 0).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('筛选（JSON）').fill('{"nonsense": true}');
    await page.getByLabel('筛选（JSON）').blur();
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.locator('.screen-row', { hasText: '筛选' }).getByRole('alert').waitFor();
    await page.locator('.screen-findings button', { hasText: '关键指标' }).click();
    await indicators.getByRole('alert').waitFor();
    await indicators.getByRole('combobox').click();
    await page.keyboard.type('A01');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.locator('.screen-findings button', { hasText: '列表' }).click();
    await page.getByLabel('筛选（JSON）').fill('');
    await page.getByLabel('筛选（JSON）').blur();
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.locator('.screen-findings').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.screen-row-fault').count(), 0);
    assert.equal((await city.call(page, 'DELETE', `/screens/${code}/draft`)).status, 204);
  },

  'wall: a draft that another has changed is not written over without a word': async (city) => {
    const { page } = await drawer(city);
    const code = `e2e-c-${Date.now().toString(36)}`;
    await page.goto(`/wall/${code}/edit`);
    await page.getByLabel('中文标题').fill('一号屏');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('草稿已保存').waitFor();
    const { body: draft } = await city.call(page, 'GET', `/screens/${code}/draft`);
    const screen = { ...draft.screen, title: { zh: '别人的屏' } };
    const body = { screen, based_on: draft.based_on ?? null, revision: draft.revision };
    assert.equal((await city.call(page, 'PUT', `/screens/${code}/draft`, body)).status, 200);
    await page.getByLabel('中文标题').fill('我的屏');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByRole('button', { name: '载入对方的草稿' }).click();
    await page.waitForFunction(() => document.querySelector('[aria-label="中文标题"]')?.value === '别人的屏');
    await city.call(page, 'DELETE', `/screens/${code}/draft`);
  },

  'wall: axe finds nothing on a wall, on a phone and in the editor': async (city) => {
    for (const [viewport, language] of [
      [WIDE, 'zh-CN'],
      [{ width: 390, height: 844 }, 'en'],
    ]) {
      const page = await city.page('leader', { viewport, language, axe: true });
      await openWall(page);
      await city.assertAccessible(page, `/wall ${viewport.width} ${language}`);
    }
    const { account } = await drawer(city);
    const page = await city.page(account, { viewport: WIDE, axe: true });
    const { code } = await firstScreen(city, page);
    await page.goto(`/wall/${code}/edit`);
    await page.locator('.screen-cell').first().waitFor();
    await page.locator(SHOWN).first().waitFor();
    await city.assertAccessible(page, 'editor of screens');
  },
};
