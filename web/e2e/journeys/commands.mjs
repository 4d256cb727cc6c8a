import assert from 'node:assert/strict';
import { register } from '../devices.mjs';
import { listen } from '../mqtt.mjs';

const GAUGE = { name: '测试积水站', profile: 'ponding-gauge', protocol: 'mqtt' };

const dialog = (page) => page.getByRole('dialog').last();
const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
const part = (page) => page.getByRole('region', { name: '指令', exact: true });
const rows = (page) => part(page).locator('.command-log li');
const look = (page) => dialog(page).getByRole('region', { name: /请核对/ });
const sent = async (city, page, id) => (await city.call(page, 'GET', `/devices/${id}/commands`)).body.items;

async function begin(page, id) {
  await page.goto(`/devices?sel=${id}`);
  await part(page).getByRole('button', { name: '下发…设置上报间隔' }).click();
  await dialog(page).getByLabel('秒', { exact: true }).and(page.locator(':focus')).waitFor();
}

export const journeys = {
  'a command is filled in, looked over and sent; the device answers, and the page says so by itself': async (
    city,
  ) => {
    const page = await city.page('duty', { path: '/devices', axe: true });
    const made = await register(city, page, GAUGE);
    const { body } = await city.call(page, 'POST', `/devices/${made.id}/token`);
    const device = await listen(made, body.token);
    try {
      await begin(page, made.id);
      const seconds = dialog(page).getByLabel('秒', { exact: true });
      for (const [typed, told] of [
        ['', '请填写秒'],
        ['一会儿', '秒应为数字'],
        ['5', '秒应为 10 至 86400'],
      ]) {
        await seconds.fill(typed);
        await page.keyboard.press('Control+Enter');
        await dialog(page).getByText(told, { exact: true }).waitFor();
        assert.equal(await seconds.inputValue(), typed, 'what was typed stays as it was typed');
      }
      await dialog(page).getByLabel('等待答复').fill('90000');
      await dialog(page).getByText('等待答复应为 1 至 86400').waitFor();
      await city.assertAccessible(page, 'filling in a command');
      await dialog(page).getByRole('button', { name: '10 分钟' }).click();
      await seconds.fill('600');
      await dialog(page).getByRole('button', { name: '下一步：核对' }).dblclick();
      for (const words of [made.name, made.code, '设置上报间隔', '600', '10 分钟'])
        await look(page).getByText(words, { exact: true }).waitFor();
      await city.assertAccessible(page, 'looking a command over');
      await dialog(page).getByRole('button', { name: '返回修改' }).click();
      await seconds.and(page.locator(':focus')).fill('900');
      await page.keyboard.press('Control+Enter');
      await look(page).getByText('900', { exact: true }).waitFor();
      assert.deepEqual(
        await sent(city, page, made.id),
        [],
        'looking over sends nothing, a double click neither',
      );
      await page.keyboard.press('Control+Enter');
      await gone(page);
      const command = await device.command();
      assert.deepEqual([command.command, command.parameters], ['set-interval', { seconds: 900 }]);
      const row = rows(page).first();
      await row.getByText('等待答复', { exact: true }).waitFor();
      await part(page).getByText('1 条等待答复').waitFor();
      await device.reply({ id: command.id, ok: true, message: '已设为 900 秒' });
      await row.getByText('已执行', { exact: true }).waitFor();
      for (const words of ['设置上报间隔', '秒 = 900', /值班长/, /设备答复：已设为 900 秒/, /用时/])
        await row.getByText(words).first().waitFor();
      const [kept, ...others] = await sent(city, page, made.id);
      assert.deepEqual([kept.id, kept.state, others.length], [command.id, 'done', 0]);
      await city.assertAccessible(page, 'the log of commands');
    } finally {
      await device.close();
    }
  },

  'a command whose answer is lost is tried again and sent once; where nobody listens, that is said': async (
    city,
  ) => {
    city.expect(/ERR_FAILED/);
    const page = await city.page('duty', { path: '/devices' });
    const made = await register(city, page, GAUGE);
    await begin(page, made.id);
    await dialog(page)
      .getByText(/设备现在从未接入/)
      .waitFor();
    await page.keyboard.type('60');
    await page.keyboard.press('Control+Enter');
    await look(page).waitFor();
    await page.route('**/commands', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('Enter');
    await dialog(page).getByText('不知道指令是否已经下发').waitFor();
    await page.unroute('**/commands');
    await dialog(page).getByRole('button', { name: '再试一次' }).click();
    await gone(page);
    await rows(page).getByText('未送达', { exact: true }).waitFor();
    assert.equal(await rows(page).count(), 1);
    assert.equal((await sent(city, page, made.id)).length, 1, 'it is sent once');
  },

  'who may only look reads what was sent and sends nothing; who takes no commands is said to take none':
    async (city) => {
      const duty = await city.page('duty', { path: '/devices' });
      const made = await register(city, duty, GAUGE);
      const other = await register(city, duty);
      const wish = { command: 'set-interval', parameters: { seconds: 60 } };
      assert.equal((await city.call(duty, 'POST', `/devices/${made.id}/commands`, wish)).status, 202);
      const page = await city.page('dispatcher', { path: `/devices?sel=${made.id}` });
      await rows(page).getByText('未送达', { exact: true }).waitFor();
      await part(page).getByText('没有下发指令的权限').waitFor();
      assert.equal(await part(page).getByRole('button').count(), 0);
      await duty.goto(`/devices?sel=${other.id}`);
      await part(duty).getByText('以 HTTP 接入的设备不接收指令').waitFor();
      assert.equal(await part(duty).getByRole('button').count(), 0);
    },
};
