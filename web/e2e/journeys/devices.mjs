import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fresh, register } from '../devices.mjs';

const dialog = (page) => page.getByRole('dialog').last();
const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
const pane = (page) => page.locator('.side-pane');
const part = (page, title) => page.getByRole('region', { name: title, exact: true });

async function pick(page, label, option) {
  const box = dialog(page).getByRole('combobox', { name: label });
  await box.click();
  // A long list draws only what is in sight.
  if (await box.isEditable()) await box.fill(option);
  await page.locator('.ant-select-item-option', { hasText: option }).first().click();
}

// A certificate that nobody else has, signed by itself.
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'yiwang-'));
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=e2e'];
  const request = ['req', '-x509', '-days', '2', ...kind, '-keyout', join(folder, 'key.pem')];
  const pem = execFileSync('openssl', request, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  rmSync(folder, { recursive: true });
  return pem;
}

const read = async (city, page, id) => (await city.call(page, 'GET', `/devices/${id}`)).body;

async function open(page, id) {
  await page.goto(`/devices?sel=${id}`);
  await page.locator('.device-actions').waitFor();
}

const edit = (page) => page.locator('.device-actions').getByRole('button', { name: '编辑' }).click();

export const journeys = {
  'a device is registered by keys and map, and shown': async (city) => {
    const page = await city.page('duty', { path: '/devices', axe: true });
    await page.getByRole('button', { name: '登记设备' }).click();
    await dialog(page).getByLabel('编码').and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Control+Enter');
    await dialog(page).getByText('请填写名称').waitFor();
    const code = fresh('new');
    await dialog(page).getByLabel('编码').fill(code);
    await dialog(page).getByLabel('名称').fill('测试水位站');
    await pick(page, '类型', '河道水位站');
    await dialog(page).getByRole('button', { name: '+ warn' }).click();
    await dialog(page).getByLabel('参数 warn 的数值').fill('3.25');
    await pick(page, '接入方式', 'SL 651');
    await dialog(page).getByLabel('通信地址').fill(String(Date.now()).slice(-10));
    await dialog(page).getByLabel('接入密码').fill('1234');
    await dialog(page).locator('.yw-map[data-ready="true"]').waitFor();
    const map = await dialog(page).locator('.device-place-map canvas').boundingBox();
    await page.mouse.click(map.x + map.width * 0.45, map.y + map.height * 0.4);
    const lon = dialog(page).getByLabel('经度', { exact: true });
    await page.waitForFunction((one) => one.value !== '', await lon.elementHandle());
    await dialog(page).getByLabel('纬度', { exact: true }).fill('31.9');
    await city.assertAccessible(page, 'registering a device');
    await page.keyboard.press('Control+Enter');
    await gone(page);
    await pane(page).getByText(code).waitFor();
    const made = await read(city, page, new URL(page.url()).searchParams.get('sel'));
    assert.equal(made.code, code);
    assert.deepEqual(made.attributes, { warn: 3.25 });
    assert.equal(made.position.lat, 31.9);
    assert.equal(made.protocol, 'sl651');
  },

  'a device is edited; what nobody touched is not sent, and a secret is never read': async (city) => {
    const page = await city.page('duty', { path: '/devices', axe: true });
    const made = await register(city, page, {
      attributes: { note: '3', warn: 1 },
      place: '桥下',
      group: 'g',
    });
    await open(page, made.id);
    await edit(page);
    await dialog(page).getByLabel('名称', { exact: true }).fill('改名的雨量站');
    await dialog(page).getByLabel('分组').fill('');
    await dialog(page).getByLabel('参数 warn 的数值').fill('2');
    await city.assertAccessible(page, 'editing a device');
    const sent = page.waitForRequest((one) => one.method() === 'PATCH');
    await page.keyboard.press('Control+Enter');
    const request = await sent;
    assert.deepEqual(request.postDataJSON(), {
      name: '改名的雨量站',
      group: '',
      attributes: { note: '3', warn: 2 },
    });
    assert.equal(request.headers()['if-match'], `"${made.version}"`);
    await gone(page);
    await pane(page).getByText('改名的雨量站').waitFor();
    await page.locator('.device-actions').getByRole('button', { name: '转为维护' }).click();
    await page.locator('.device-actions').getByRole('button', { name: '恢复在用' }).waitFor();
    await edit(page);
    await pick(page, '状态', '报废');
    await page.keyboard.press('Control+Enter');
    await dialog(page).getByText('再按一次确认').waitFor();
    assert.equal((await read(city, page, made.id)).state, 'maintenance', 'one stroke retires nothing');
    await page.keyboard.press('Control+Enter');
    await gone(page);
    assert.equal((await read(city, page, made.id)).state, 'retired');
  },

  'a form that was typed into is not lost by one stroke': async (city) => {
    const page = await city.page('duty', { path: '/devices' });
    const made = await register(city, page);
    await open(page, made.id);
    await edit(page);
    await dialog(page).getByLabel('地点').fill('打到一半');
    await page.keyboard.press('Escape');
    await dialog(page).getByText('还有未保存的修改').waitFor();
    await page.keyboard.press('Escape');
    await gone(page);
    await pane(page).waitFor();
  },

  'who saves second is told who was first, keeps what was typed, and may go on': async (city) => {
    const page = await city.page('duty', { path: '/devices' });
    const other = await city.page('integrator', { path: '/favicon.svg' });
    const made = await register(city, page);
    await open(page, made.id);
    await edit(page);
    await dialog(page).getByLabel('地点').fill('东门');
    const { status } = await city.call(
      other,
      'PATCH',
      `/devices/${made.id}`,
      { place: '西门', name: '他人改名' },
      { 'If-Match': `"${made.version}"` },
    );
    assert.equal(status, 200);
    await page.keyboard.press('Control+Enter');
    await dialog(page).getByText('设备已被他人修改').waitFor();
    await dialog(page)
      .getByText(/接入系统 于 .* 先保存/)
      .waitFor();
    await dialog(page).getByText('地点：对方改为“西门”').waitFor();
    assert.equal(await dialog(page).getByLabel('名称', { exact: true }).inputValue(), '他人改名');
    assert.equal(await dialog(page).getByLabel('地点').inputValue(), '东门');
    await page.keyboard.press('Control+Enter');
    await gone(page);
    const now = await read(city, page, made.id);
    assert.deepEqual([now.place, now.name, now.version], ['东门', '他人改名', made.version + 2]);
  },

  'many are imported: a bad row is named, nothing is half done, then all of them': async (city) => {
    const page = await city.page('duty', { path: '/devices', axe: true });
    const codes = [fresh('imp'), fresh('imp'), fresh('imp')];
    const rows = (profile) => [
      '编码,名称,类型,接入方式,权属单位,经度,纬度,参数.warn',
      `${codes[0]},导入一,雨量站,MQTT,cgj,120.2849,31.9108,`,
      `${codes[1]},导入二,${profile},mqtt,,120.2849,31.9108,3.5`,
      `${codes[2]},导入三,rain-gauge,http,,,,`,
    ];
    await page.getByRole('button', { name: '批量导入' }).click();
    await dialog(page)
      .locator('input[type="file"]')
      .setInputFiles({
        name: '设备.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(rows('nope').join('\r\n')),
      });
    await dialog(page).getByText('读到 3 台，尚未检查').waitFor();
    await dialog(page).getByRole('button', { name: '检查' }).click();
    const wrong = dialog(page).locator('.import-wrong tbody tr');
    await wrong.first().waitFor();
    assert.equal(await wrong.count(), 1);
    assert.match(await wrong.textContent(), new RegExp(`第 3 行\\s*${codes[1]}\\s*类型：没有这种设备类型`));
    assert.ok(await dialog(page).getByRole('button', { name: '登记', exact: true }).isDisabled());
    await city.assertAccessible(page, 'importing devices');
    await dialog(page).getByLabel('要导入的内容').fill(rows('rain-gauge').join('\n'));
    await dialog(page).getByRole('button', { name: '检查' }).click();
    await dialog(page).getByText('3 台全部可以登记').waitFor();
    const none = await city.call(page, 'GET', `/devices?q=${codes[0]}`);
    assert.equal(none.body.items.length, 0, 'looking through registers nothing');
    await dialog(page).getByRole('button', { name: '登记 3 台' }).click();
    await dialog(page).getByText('已登记 3 台').waitFor();
    for (const code of codes) {
      const { body } = await city.call(page, 'GET', `/devices?q=${code}`);
      assert.equal(body.items.length, 1, code);
    }
  },

  'a token is shown once and works; revoking says that the connection ends, and it is good no longer': async (
    city,
  ) => {
    const page = await city.page('duty', { path: '/devices', axe: true });
    const made = await register(city, page);
    await open(page, made.id);
    const credentials = part(page, '接入凭据');
    await credentials.getByRole('button', { name: '发放令牌' }).click();
    const token = await page.locator('#device-token').inputValue();
    assert.ok(token.length > 16, 'a token is long');
    await city.assertAccessible(page, 'a token');
    await page.keyboard.press('Escape');
    await dialog(page).getByRole('button', { name: '已抄录' }).click();
    await gone(page);
    assert.equal((await page.content()).includes(token), false, 'it is shown this once');
    const say = () =>
      fetch(`${city.base}/api/v1/sensing/readings`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Basic ${Buffer.from(`${made.code}:${token}`).toString('base64')}`,
        },
        body: JSON.stringify({ values: { rain: 0.2 } }),
      });
    assert.equal((await say()).status, 200, 'the token works');
    await credentials.getByRole('button', { name: '撤销凭据' }).click();
    await dialog(page)
      .getByText(/现有连接立即断开/)
      .waitFor();
    await dialog(page).getByRole('button', { name: '撤销凭据' }).click();
    await credentials.getByText('未发令牌').waitFor();
    assert.equal((await say()).status, 401, 'it is good no longer');
  },

  'a certificate is named; a private key is not sent, and nonsense is refused in words': async (city) => {
    const page = await city.page('duty', { path: '/devices' });
    const made = await register(city, page);
    await open(page, made.id);
    const credentials = part(page, '接入凭据');
    await credentials.getByRole('button', { name: '登记证书' }).click();
    const text = dialog(page).getByLabel('证书内容');
    const yes = dialog(page).getByRole('button', { name: '登记', exact: true });
    await text.fill('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----');
    await dialog(page).getByText('内容含有私钥').waitFor();
    assert.ok(await yes.isDisabled());
    await text.fill('nonsense');
    await yes.click();
    await dialog(page).getByText('不是 PEM 格式的证书').waitFor();
    await text.fill(certificate());
    await yes.click();
    await gone(page);
    await credentials.getByText('已登记证书').waitFor();
  },

  'who may only look is offered no changes': async (city) => {
    const page = await city.page('dispatcher', { path: '/devices' });
    await page.locator('.side-list tr[data-pickable]').first().click();
    await part(page, '基本信息').waitFor();
    assert.equal(await page.locator('.device-actions').count(), 0);
    for (const name of ['登记设备', '批量导入', '撤销凭据', '编辑'])
      assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  },
};
