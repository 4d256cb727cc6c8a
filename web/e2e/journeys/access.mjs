import assert from 'node:assert/strict';
import { PASSWORD } from '../browser.mjs';

const rail = (page) => page.locator('.rail a').allInnerTexts();

export const journeys = {
  'sign in: a wrong password is told, the right one opens the workbench': async (city) => {
    const page = await city.page(undefined);
    await page.getByLabel('账号').fill('dispatcher');
    await page.getByLabel('密码').fill('wrong-password');
    await page.getByRole('button', { name: '登 录' }).click();
    await page.getByText('账号或密码不正确。').waitFor();
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登 录' }).click();
    await page.waitForURL('**/incidents');
    await page.getByText('演示数据').waitFor();
    assert.equal(await page.evaluate(() => document.cookie), '', 'scripts must not see the session');
  },

  'sign in: demo accounts are listed and one click is enough': async (city) => {
    const page = await city.page(undefined);
    await page.locator('.sign-in-demo li').first().waitFor();
    assert.ok((await page.locator('.sign-in-demo li').count()) >= 13);
    await page.locator('.sign-in-demo button', { hasText: 'verifier' }).click();
    await page.locator('.rail').waitFor();
    await page.getByRole('button', { name: /核查/ }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.getByLabel('账号').waitFor();
    assert.equal((await city.call(page, 'GET', '/me')).status, 401);
  },

  'a refusal is told in the language of the reader, and the words of the server are at hand': async (
    city,
  ) => {
    city.expect(/status of 422/);
    const wrong = async (page, labels) => {
      for (const label of labels) await page.getByLabel(label, { exact: true }).fill('Not-the-password-1');
      await page.locator('.password-page button[type="submit"]').click();
      return page.locator('.password-page [role="alert"]');
    };
    const page = await city.page('verifier', { path: '/password' });
    const told = await wrong(page, ['原密码', '新密码', '再次输入新密码']);
    await told.getByText('原密码不对。').waitFor();
    const said = told.getByText('the old password is wrong').first();
    assert.equal(await said.isVisible(), false);
    await told.getByText('服务器原文').click();
    await said.waitFor();
    const english = await city.page('verifier', { path: '/password', language: 'en' });
    await (await wrong(english, ['Old password', 'New password', 'New password again']))
      .getByText('the old password is wrong')
      .first()
      .waitFor();
  },

  'rights: the menu has only what the person may do, and the rest is refused': async (city) => {
    const leader = await city.page('leader');
    await leader.locator('.rail a').first().waitFor();
    const menu = await rail(leader);
    assert.ok(!menu.includes('受理') && !menu.includes('审计'), menu.join());
    await leader.goto('/intake');
    await leader.getByText('没有权限查看此页面').waitFor();
    const refused = await city.call(leader, 'POST', '/incidents', {
      source: 'hotline',
      title: 'x',
      description: 'x',
    });
    assert.equal(refused.status, 403);
    assert.equal(refused.body.code, 'auth.denied');

    const auditor = await city.page('admin.audit');
    await auditor.locator('.rail a').first().waitFor();
    assert.deepEqual(await rail(auditor), ['审计']);
  },

  'rights: without the header a cookie alone changes nothing': async (city) => {
    const page = await city.page('dispatcher');
    const answer = await page.request.post('/api/v1/incidents', {
      data: { source: 'hotline', title: 'x', description: 'x' },
      headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' },
    });
    assert.equal(answer.status(), 403);
  },

  'a page that is not there says so': async (city) => {
    const page = await city.page('dispatcher', { path: '/nowhere' });
    await page.getByText('页面不存在').waitFor();
  },
};
