import assert from 'node:assert/strict';
import { choose, give, matter, openCase, press, report, state, submit, unit } from '../cases.mjs';

const say = (page, label, text) => page.getByRole('dialog').getByRole('textbox', { name: label }).fill(text);

async function pick(page, label, option) {
  await page.getByRole('dialog').getByRole('combobox', { name: label }).click();
  await page.locator('.ant-select-item-option', { hasText: option }).first().click();
}

async function takeIn(city) {
  const page = await city.page('intake', { path: '/intake' });
  const text = matter();
  await page.getByLabel('诉求内容').fill(text);
  await page.locator('.suggestions button').first().click();
  await page.getByLabel('地址').fill('人民中路');
  await page.locator('.yw-map[data-ready="true"]').first().waitFor();
  const map = await page.locator('.intake-map canvas').boundingBox();
  await page.mouse.click(map.x + map.width / 2, map.y + map.height / 2);
  await page.locator('.intake-aside .responsibility-card').waitFor();
  assert.ok(
    (await page.locator('.intake-aside .reasons li').count()) > 0,
    'the proposed lead must have reasons',
  );
  await page.getByLabel('电话').fill('10000000000');
  await page.keyboard.press('Control+Enter');
  const number = (await page.locator('.saved strong').textContent()).match(/YW\w+/)[0];
  await page.getByRole('link', { name: '打开案件' }).click();
  await page.locator('.detail-head h2').waitFor();
  return { number, id: new URL(page.url()).searchParams.get('sel'), text };
}

async function dispatch(page, id) {
  await openCase(page, id);
  await press(page, '立案');
  const dialog = page.getByRole('dialog');
  for (const box of await dialog.getByRole('checkbox').all()) await box.check();
  await submit(page);
  await state(page).getByText('待派遣').waitFor();
  await page.keyboard.press('a');
  await choose(page, '主办单位', 'cgj', '城市管理局');
  await say(page, '备注', '按城区直管派遣');
  await submit(page);
  await state(page).getByText('待签收').waitFor();
}

async function handle(page, id) {
  await page.goto('/tasks');
  await page.locator('.yw-table').waitFor();
  await openCase(page, id);
  await page.locator('.incident-list').focus();
  await press(page, '签收');
  await state(page).getByText('处置中').waitFor();
  await press(page, '反馈');
  await say(page, '处置情况', '已派环卫车辆清运，现场清洗完毕。');
  const add = page.getByRole('dialog').getByRole('button', { name: '添加链接' });
  for (const kind of ['photo_before', 'photo_after']) {
    await add.click();
    await page.getByRole('dialog').getByLabel('URL').last().fill(`https://example.org/${kind}.jpg`);
  }
  await submit(page);
  await state(page).getByText('待核查').waitFor();
}

async function verify(page, id) {
  await openCase(page, id);
  await press(page, '核查');
  await page.getByRole('dialog').getByText('通过', { exact: true }).click();
  for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.check();
  await say(page, '说明', '现场复核已清理。');
  await submit(page);
  await state(page).getByText('待结案').waitFor();
}

async function close(page, id) {
  await openCase(page, id);
  await press(page, '结案');
  await pick(page, '办理结果', '已解决');
  await say(page, '答复内容', '您反映的垃圾已清运完毕，感谢监督。');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByText('再按一次确认').waitFor();
  await submit(page);
  await state(page).getByText('已结案').waitFor();
}

async function assertTimeline(page) {
  await page.getByRole('tab', { name: '办理过程' }).click();
  await page.locator('.timeline strong', { hasText: '结案' }).waitFor();
  const steps = await page.locator('.timeline strong').allInnerTexts();
  for (const step of ['立案', '派遣', '签收', '反馈', '核查', '结案'])
    assert.ok(steps.includes(step), `${step} in ${steps}`);
  await page.getByRole('button', { name: '校验链条' }).click();
  await page.getByText(/链条完整/).waitFor();
}

async function askAsCitizen(city, detail) {
  const { number, query_code } = detail.public;
  const open = async () => {
    const page = await city.page(undefined, {
      path: `/status/${number}?code=${query_code}`,
      viewport: { width: 400, height: 800 },
    });
    await page.locator('.citizen-stage').waitFor();
    await page.getByText('您反映的垃圾已清运完毕').waitFor();
    await page.getByText('很满意', { exact: true }).click();
    await page.getByText('解决了', { exact: true }).click();
    return page;
  };
  const [page, second] = [await open(), await open()];
  const answered = page.waitForResponse(
    (answer) => answer.url().includes('/rating') && answer.request().method() === 'POST',
  );
  await page.getByRole('button', { name: '提交评价' }).click();
  assert.ok((await answered).ok(), 'the rating is taken');
  const again = await page.request.get(`/api/v1/public/incidents/${number}?code=${query_code}`);
  assert.equal((await again.json()).can_rate, false, 'a case is rated once');
  city.expect(/status of 409/);
  await second.getByRole('button', { name: '提交评价' }).click();
  await second.locator('output', { hasText: '这件案件已经评价过。' }).waitFor();
}

export const journeys = {
  'a call becomes a closed case: intake, dispatch, sign, report, verify, close, rating': async (city) => {
    const { id, text } = await takeIn(city);
    const dispatcher = await city.page('dispatcher');
    await dispatch(dispatcher, id);
    assert.ok((await dispatcher.locator('.detail-head h2').textContent()).includes(text.slice(0, 12)));
    await handle(await city.page('handler'), id);
    await verify(await city.page('verifier'), id);
    await close(dispatcher, id);
    await assertTimeline(dispatcher);
    const { body } = await city.call(dispatcher, 'GET', `/incidents/${id}`);
    await askAsCitizen(city, body);
  },

  'conflict: the second officer is told who changed the case, and may go on': async (city) => {
    const first = await city.page('dispatcher');
    const { id } = await report(city, first);
    const second = await city.page('duty');
    await openCase(second, id);
    await press(second, '备注');
    await say(second, '说明', '请尽快办理');
    await openCase(first, id);
    await holdStill(city, second);
    await give(city, first, id, 'note', { text: '已电话联系' });
    const refused = second.waitForResponse((answer) => answer.status() === 409);
    await second.keyboard.press('Control+Enter');
    await refused;
    await second.unrouteAll();
    await second.getByText('案件已被他人更新').waitFor();
    await second
      .getByText(/派单员/)
      .first()
      .waitFor();
    await submit(second);
    const { body } = await city.call(first, 'GET', `/incidents/${id}/timeline`);
    assert.deepEqual(
      body.slice(-2).map((action) => action.text),
      ['已电话联系', '请尽快办理'],
    );
  },

  'a return is asked for by the unit and decided by another person': async (city) => {
    const dispatcher = await city.page('dispatcher');
    const { id } = await report(city, dispatcher);
    const { body: fresh } = await city.call(dispatcher, 'GET', `/incidents/${id}`);
    await give(city, dispatcher, id, 'register', { checks: fresh.checks.register.map((line) => line.code) });
    await give(city, dispatcher, id, 'dispatch', {
      mode: 'single',
      lead: await unit(city, dispatcher, 'cgj'),
      note: '',
    });
    const handler = await city.page('handler');
    await openCase(handler, id);
    await press(handler, '申请');
    await pick(handler, '类型', '退回');
    await pick(handler, '理由类别', '职责不符');
    await choose(handler, '建议改派单位', 'zjj', '住房和城乡建设局');
    await say(handler, '说明', '该路段由住建部门管理');
    await submit(handler);
    await handler.getByText('待审批').waitFor();
    const duty = await city.page('duty');
    await openCase(duty, id);
    await press(duty, '审批申请');
    await duty.getByRole('dialog').getByText('同意', { exact: true }).click();
    await say(duty, '说明', '同意改派');
    await submit(duty);
    await duty.locator('.detail').getByText('已同意').waitFor();
  },
};

/** Cuts the page off from live changes, as a slow line would. */
function holdStill(city, page) {
  city.expect(/ERR_FAILED/);
  return page.route(/\/api\/v1\/(live|incidents\/[\w-]+)$/, (route) => route.abort());
}
