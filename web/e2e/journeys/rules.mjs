import assert from 'node:assert/strict';

const DAY_MS = 86_400_000;

/** A draft from a rule, by whoever may write drafts; what earlier runs left is put away. */
async function begin(city, page, from) {
  const open = await city.call(page, 'GET', `/alarm-rules/drafts?rule=${from}&state=open`);
  assert.equal(open.status, 200);
  for (const { id, version } of open.body.items)
    await city.call(page, 'DELETE', `/alarm-rules/drafts/${id}`, undefined, { 'If-Match': `"${version}"` });
  await page.goto(`/alarm-rules?rule=${from}`);
  await page.locator('.rule-acts').getByRole('button', { name: '据此起草' }).click();
  await page.waitForURL(/draft=/);
  await page.locator('.draft-editor').waitFor();
  return new URL(page.url()).searchParams.get('draft');
}

const view = (page, name) => page.locator('.draft-editor > .ant-segmented').getByText(name, { exact: true });
const findings = (page) => page.locator('.rule-findings li');

export const journeys = {
  'a rule is drafted from one in force, its faults are shown where they stand, and it is saved': async (
    city,
  ) => {
    const page = await city.page('analyst', { path: '/alarm-rules', axe: true });
    const id = await begin(city, page, 'ponding');
    await city.assertAccessible(page, 'the fields of a draft');
    await view(page, '文本').click();
    const text = page.getByLabel('规则文本');
    const right = await text.inputValue();
    await text.fill(right.replace('depth >= slow', 'depth >= slov'));
    const wrong = findings(page).filter({ hasText: '/rule/levels/1/when' });
    await wrong.first().waitFor();
    await wrong.first().getByRole('button').click();
    // The finding leads to its place, once the field is drawn.
    await page.waitForFunction(
      (area) => area.value.slice(area.selectionStart, area.selectionEnd) === 'slov',
      await text.elementHandle(),
    );
    await city.assertAccessible(page, 'a draft with findings');
    // What cannot be read is said as well, and is not saved.
    await text.fill('rule: [');
    await findings(page).first().waitFor();
    const save = page.locator('.draft-editor').getByRole('button', { name: /保\s*存/ });
    assert.ok(await save.isDisabled());
    await text.fill(right.replace('slow: 0.15', 'slow: 0.16'));
    await page.keyboard.press('Control+s');
    await page.getByText('草稿已保存').waitFor();
    const kept = await city.call(page, 'GET', `/alarm-rules/drafts/${id}`);
    assert.equal(kept.body.entry.rule.params.slow, 0.16);
  },

  'who saves a draft that another has just changed is told so and may choose': async (city) => {
    const page = await city.page('analyst', { path: '/alarm-rules' });
    const id = await begin(city, page, 'ponding');
    await view(page, '文本').click();
    const text = page.getByLabel('规则文本');
    await text.fill((await text.inputValue()).replace('slow: 0.15', 'slow: 0.17'));
    const { entry } = (await city.call(page, 'GET', `/alarm-rules/drafts/${id}`)).body;
    const theirs = { entry: { ...entry, source: 'theirs' } };
    assert.equal((await city.call(page, 'PUT', `/alarm-rules/drafts/${id}`, theirs)).status, 200);
    await page.keyboard.press('Control+s');
    await page.locator('.ant-alert-warning', { hasText: '改过这份草稿' }).waitFor();
    await page.getByRole('button', { name: '载入对方的内容' }).click();
    assert.match(await text.inputValue(), /source: theirs/);
  },

  'a draft is run over history and its alarms are explained': async (city) => {
    const page = await city.page('analyst', { path: '/alarm-rules', axe: true });
    await begin(city, page, 'ponding');
    await view(page, '回测').click();
    await page.getByRole('button', { name: '近 7 天' }).click();
    await page.getByRole('button', { name: '运行回测' }).click();
    await page.locator('.backtest-answer').waitFor();
    await city.assertAccessible(page, 'a back-test');
    const alarms = page.locator('.backtest-episodes > li > button');
    if ((await alarms.count()) > 0) {
      await page.locator('.backtest-answer [data-drawn]').first().waitFor();
      await alarms.first().click();
      await page.locator('.backtest-why').waitFor();
    }
  },

  'a published draft goes before the pack’s rule until it is withdrawn': async (city) => {
    const analyst = await city.page('analyst', { path: '/alarm-rules' });
    const id = await begin(city, analyst, 'smoke');
    assert.equal(
      await analyst.getByRole('button', { name: /发\s*布/ }).count(),
      0,
      'writing is not publishing',
    );
    const page = await city.page('supervisor', { path: `/alarm-rules?tab=drafts&draft=${id}`, axe: true });
    await page
      .locator('.draft-editor')
      .getByRole('button', { name: /发\s*布/ })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('发布理由').fill('试用');
    await city.assertAccessible(page, 'publishing');
    await dialog.getByRole('button', { name: /发\s*布/ }).click();
    await page.locator('.rule-versions', { hasText: '理由：试用' }).waitFor();
    await page
      .locator('.rule-acts')
      .getByRole('button', { name: /撤\s*回/ })
      .click();
    await page.getByRole('dialog').getByLabel('撤回理由').fill('试用结束');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /撤\s*回/ })
      .click();
    await page.locator('.rule-versions', { hasText: '已撤回' }).waitFor();
  },

  'a maintenance window is made and ended, and verdicts are counted': async (city) => {
    const page = await city.page('duty', { path: '/alarms?tab=windows', axe: true });
    await page.getByRole('button', { name: '新建维护窗口' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('理由').fill('检修');
    await dialog.getByRole('button', { name: '新建维护窗口' }).click();
    await dialog.getByText('请至少填一项对象').waitFor();
    await city.assertAccessible(page, 'a window without a target');
    const device = (await city.call(page, 'GET', '/devices?limit=1')).body.items[0];
    await dialog.getByLabel('设备', { exact: true }).fill(device.code);
    await page.locator('.ant-select-item-option', { hasText: device.code }).first().click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: '新建维护窗口' }).click();
    const row = page.locator('tr', { hasText: '检修' }).first();
    await row.getByText('进行中').waitFor();
    const until = new Date(Date.now() + DAY_MS).toISOString();
    const shelf = { target: { devices: [device.code] }, until, reason: '等待更换' };
    assert.equal((await city.call(page, 'POST', '/alarm-shelves', shelf)).status, 201);
    await row.getByRole('button').click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await row.waitFor({ state: 'detached' });
    await page.goto('/alarms?tab=shelves');
    const shelved = page.locator('tr', { hasText: '等待更换' }).first();
    await shelved.getByRole('button').click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await shelved.waitFor({ state: 'detached' });
    await page.goto('/alarms?tab=feedback');
    await page.getByText('每条规则、每台设备的告警有多少属实。').waitFor();
    await city.assertAccessible(page, 'verdicts');
  },
};
