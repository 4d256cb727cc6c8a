import assert from 'node:assert/strict';

export const journeys = {
  'people: an account is made by one administrator and granted by another': async (city) => {
    const username = `e2e.${Date.now()}`;
    const system = await city.page('admin.system', { path: '/people' });
    await system.getByRole('button', { name: '新建人员' }).click();
    const dialog = system.getByRole('dialog');
    await dialog.getByLabel('姓名').fill('测试人员');
    await dialog.getByLabel('账号').fill(username);
    await dialog.getByRole('combobox', { name: '单位' }).fill('cgj');
    await system.locator('.ant-select-item-option', { hasText: '城市管理局' }).first().click();
    await dialog.getByLabel(/新密码/).fill('Test-2026-pass');
    await dialog.getByRole('button', { name: '确定' }).click();
    await dialog.waitFor({ state: 'detached' });

    const security = await city.page('admin.security', { path: `/people?q=${username}` });
    await security.locator('.yw-table tbody tr', { hasText: username }).click();
    await security.getByRole('button', { name: '添加授权' }).click();
    await security.getByRole('dialog').getByRole('combobox', { name: '角色' }).fill('核查员');
    await security.locator('.ant-select-item-option', { hasText: '核查员' }).click();
    await security.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await security.locator('.grant', { hasText: '核查员' }).waitFor();
    await security.locator('.grant').getByRole('button', { name: '撤销' }).click();
    await security.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await security.getByText('没有授权').or(security.locator('.grant[data-live="false"]')).first().waitFor();
  },

  'tokens: one is made, shown once, used and revoked': async (city) => {
    const page = await city.page('admin.security', { path: '/people?tab=tokens' });
    await page.getByRole('button', { name: '新建令牌' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '接口账号' }).click();
    await page.locator('.ant-select-item-option', { hasText: '接入系统' }).click();
    const name = `e2e ${Date.now()}`;
    await dialog.getByLabel('用途名称').fill(name);
    await dialog.getByRole('combobox', { name: '允许的动作' }).fill('查看案件');
    await page.locator('.ant-select-item-option', { hasText: '查看案件' }).first().click();
    await dialog.getByLabel('用途名称').click();
    await dialog.getByRole('button', { name: '确定' }).click();
    const value = await page.locator('#token-value').inputValue();
    await page.getByRole('button', { name: '我已保存' }).click();
    const call = () =>
      fetch(`${city.base}/api/v1/incidents?limit=1`, { headers: { Authorization: `Bearer ${value}` } });
    assert.equal((await call()).status, 200, 'the token works');
    const row = page.locator('.yw-table tbody tr', { hasText: name });
    await row.getByRole('button', { name: '吊销' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await row.waitFor({ state: 'detached' });
    assert.equal((await call()).status, 401, 'it is cut off at once');
  },

  'tokens: a wall is let in by one, shows what it may, and is out when it is revoked': async (city) => {
    const security = await city.page('admin.security', { path: '/favicon.svg' });
    const { body: services } = await city.call(security, 'GET', '/users?q=integrator');
    const made = await city.call(security, 'POST', '/tokens', {
      user_id: services.items[0].id,
      name: `wall ${Date.now()}`,
      actions: ['session.own', 'vitals.read', 'screens.read', 'geo.read', 'incident.read'],
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const wall = await city.page(undefined, { path: '/wall/city-overview?kiosk=1', axe: true });
    await wall.getByRole('button', { name: /用令牌进入/ }).click();
    await city.assertAccessible(wall, 'signing in by token');
    await wall.getByLabel('令牌').fill('ywt_wrong');
    await wall.getByRole('button', { name: '进 入' }).click();
    await wall.getByText(/令牌不存在/).waitFor();
    await wall.getByLabel('令牌').fill(made.body.token);
    await wall.getByRole('button', { name: '进 入' }).click();
    await wall.locator('.ww[data-state="shown"]').first().waitFor();
    assert.match(wall.url(), /kiosk=1/, 'the wall goes where it was going');
    const me = await city.call(wall, 'GET', '/me');
    assert.ok(!me.body.actions.includes('incident.create'), 'it may no more than the token');
    const revoked = await city.call(security, 'DELETE', `/tokens/${made.body.id}`);
    assert.equal(revoked.status, 204);
    await wall.reload();
    await wall.getByRole('button', { name: /用令牌进入/ }).waitFor();
  },

  'packs: what is installed is checked and the same as what is shipped': async (city) => {
    const page = await city.page('admin.system', { path: '/packs' });
    await page.getByText('没有问题，可以安装。').waitFor();
    await page.getByText('与已安装的内容一致。').waitFor();
  },

  'audit: what was just done is there, and the chain is whole': async (city) => {
    const page = await city.page('admin.audit', { path: '/audit' });
    await page.locator('.yw-table').getByText('登录', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: '校验完整性' }).click();
    await page.getByText(/日志完整/).waitFor();
  },

  'system: everything that came in is accounted for': async (city) => {
    const page = await city.page('dispatcher', { path: '/system' });
    await page.getByText('进出对账').waitFor();
    await page.getByText('合计').waitFor();
    assert.equal(await page.locator('.system-off').count(), 0, 'the books must be even');

    const admin = await city.page('admin.system', { path: '/system' });
    await admin.getByText('队列').waitFor();
    await admin.getByText('巡检任务').waitFor();
  },
};
