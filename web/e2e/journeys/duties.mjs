import assert from 'node:assert/strict';

const RULE = `e2e-${Date.now()}`;

export const journeys = {
  'who leads is answered with reasons': async (city) => {
    const page = await city.page('analyst', { path: '/responsibility?tab=resolve' });
    await page.getByRole('combobox', { name: '事项' }).click();
    await page.getByRole('combobox', { name: '事项' }).fill('暴露垃圾');
    await page.locator('.ant-select-item-option').first().click();
    await page.locator('.yw-map[data-ready="true"]').waitFor();
    const map = await page.locator('.city-map canvas').boundingBox();
    await page.mouse.click(map.x + map.width / 2, map.y + map.height / 2);
    await page.locator('.responsibility-card').waitFor();
    assert.ok((await page.locator('.reasons li').count()) > 0);
  },

  'the shipped list has no hole and no overlap': async (city) => {
    const page = await city.page('analyst', { path: '/responsibility?tab=faults' });
    await page.getByText(/没有发现空白或交叉/).waitFor({ timeout: 60_000 });
  },

  'a draft that opens an overlap is refused with the list': async (city) => {
    const analyst = await city.page('analyst', { path: '/responsibility?tab=drafts' });
    await analyst.getByLabel('草案名称').fill('自动测试草案');
    await analyst.getByRole('button', { name: '新建草案' }).click();
    await analyst.getByRole('button', { name: '添加规则' }).click();
    const dialog = analyst.getByRole('dialog');
    for (const [label, value] of Object.entries({
      规则编号: RULE,
      事项: '01',
      区域: '320281',
      主办: 'slj',
      依据: '自动测试',
    })) {
      await dialog.getByLabel(label, { exact: true }).fill(value);
    }
    await dialog.getByRole('button', { name: '确定' }).click();
    await analyst.getByRole('button', { name: '保存' }).click();
    await analyst.getByText('草案已保存').waitFor();
    await analyst.locator('.ant-segmented-item', { hasText: '与现行的差异' }).click();
    await analyst.locator('.rule-diff', { hasText: RULE }).waitFor();
    const id = new URL(analyst.url()).searchParams.get('draft');

    const supervisor = await city.page('supervisor', { path: `/responsibility?tab=drafts&draft=${id}` });
    await supervisor.getByRole('button', { name: '发布', exact: true }).click();
    await supervisor.getByRole('dialog').getByRole('button', { name: '发布' }).click();
    await supervisor.getByRole('dialog').getByText('权责交叉').waitFor({ timeout: 60_000 });
    await supervisor.getByRole('dialog').getByRole('button', { name: '取消' }).click();

    const { body: draft } = await city.call(analyst, 'GET', `/responsibility/drafts/${id}`);
    const gone = await city.call(analyst, 'DELETE', `/responsibility/drafts/${id}`, undefined, {
      'If-Match': `"${draft.version}"`,
    });
    assert.equal(gone.status, 200);
  },

  'an item shows its policy and its limits in words': async (city) => {
    const page = await city.page('dispatcher', { path: '/items' });
    await page.getByLabel('按编码、名称查找').fill('路灯');
    await page.locator('.item-node', { hasText: '路灯' }).first().click();
    await page.getByText('办理时限').waitFor();
    await page
      .locator('.yw-table')
      .getByText(/工作|小时|分钟/)
      .first()
      .waitFor();
  },
};
