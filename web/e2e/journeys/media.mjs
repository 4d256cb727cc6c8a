import assert from 'node:assert/strict';
import { give, matter, openCase, press, report, state, submit, unit } from '../cases.mjs';
import { file, png } from '../drawn.mjs';

const BROWN = [120, 84, 50];
const GREEN = [90, 150, 96];

/** A case that the handler works on. */
async function handling(city, page) {
  const { id } = await report(city, page);
  const { body: fresh } = await city.call(page, 'GET', `/incidents/${id}`);
  const ticked = fresh.checks.register.map((line) => line.code);
  await give(city, page, id, 'register', { checks: ticked });
  await give(city, page, id, 'dispatch', { mode: 'single', lead: await unit(city, page, 'cgj') });
  const handler = await city.page('handler');
  const { body } = await city.call(handler, 'GET', `/incidents/${id}`);
  await give(city, handler, id, 'sign', { task_id: body.tasks[0].id });
  return { id, handler };
}

const picker = (scope) => scope.locator('input[type="file"]').first();
const loaded = (image) => image.evaluate((one) => one.complete && one.naturalWidth > 0);

async function pasteOrDrop(page, kind, selector, name, bytes) {
  await page.evaluate(
    ([kind, selector, name, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data });
      document.querySelector(selector).dispatchEvent(event);
    },
    [kind, selector, name, [...bytes]],
  );
}

export const journeys = {
  'a report is taken in with pictures: chosen, pasted, dropped; one is taken out again': async (city) => {
    city.expect(/status of 415/);
    const page = await city.page('intake', { path: '/intake' });
    await page.getByLabel('诉求内容').fill(matter());
    await page.locator('.suggestions button').first().click();
    await page.getByLabel('地址').fill('人民中路');
    const zone = page.getByRole('group', { name: '图片与文件' });
    await picker(zone).setInputFiles([file('选择.png', BROWN)]);
    await zone.locator('.thumb').first().waitFor();
    await pasteOrDrop(page, 'paste', '.upload-zone', '粘贴.png', png(GREEN));
    await zone.locator('.thumb').nth(1).waitFor();
    await pasteOrDrop(page, 'drop', '.upload-zone', '拖入.png', png([60, 60, 160]));
    await zone.locator('.thumb').nth(2).waitFor();
    await zone.getByRole('button', { name: '移除' }).nth(1).click();
    assert.equal(await zone.locator('.thumb').count(), 2);

    await picker(zone).setInputFiles({
      name: '网页.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<html><script>alert(1)</script></html>'),
    });
    await zone.getByRole('alert').getByText('不支持这种文件').waitFor();
    await zone.getByRole('button', { name: '知道了' }).click();

    await page.getByLabel('诉求内容').press('Control+Enter');
    await page.getByRole('link', { name: '打开案件' }).click();
    await page.locator('.detail-head h2').waitFor();
    const thumbs = page.locator('.detail .thumb img');
    await thumbs.nth(1).waitFor();
    assert.equal(await thumbs.count(), 2);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.detail .thumb img')].every((one) => one.naturalWidth > 0),
    );
  },

  'evidence from the handler to the verifier: upload, compare side by side, view by keys': async (city) => {
    const dispatcher = await city.page('dispatcher');
    const { id, handler } = await handling(city, dispatcher);
    await openCase(handler, id);
    await press(handler, '反馈');
    const dialog = handler.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '处置情况' }).fill('已清运');
    const zone = dialog.getByRole('group', { name: '佐证材料' });
    await picker(zone).setInputFiles([file('前.png', BROWN), file('后.png', GREEN)]);
    await zone.locator('.thumb').nth(1).waitFor();
    // The item asks for both, so that is what the first two are taken for.
    for (const kind of ['处置前照片', '处置后照片']) await zone.getByText(kind, { exact: true }).waitFor();
    await submit(handler);
    await state(handler).getByText('待核查').waitFor();

    const verifier = await city.page('verifier');
    await openCase(verifier, id);
    await press(verifier, '核查');
    const compare = verifier.getByRole('region', { name: '处置前后对照' });
    await compare.locator('img').nth(1).waitFor();
    await verifier.waitForFunction(() =>
      [...document.querySelectorAll('.compare img')].every((one) => one.naturalWidth > 0),
    );
    const [left, right] = await Promise.all(
      [0, 1].map((index) => compare.locator('.compare-picture').nth(index).boundingBox()),
    );
    assert.ok(left.x < right.x && Math.abs(left.y - right.y) < 2, 'before and after stand side by side');

    await compare.getByRole('button', { name: /处置前/ }).press('Enter');
    const words = verifier.locator('.lightbox-words');
    await words.getByText('1 / 2').waitFor();
    await verifier.keyboard.press('ArrowRight');
    await words.getByText('2 / 2').waitFor();
    const large = verifier.locator('.lightbox-stage img');
    await verifier.waitForFunction(() => document.querySelector('.lightbox-stage img')?.naturalWidth > 0);
    assert.ok(await loaded(large));
    await verifier.keyboard.press('Escape');
    await words.waitFor({ state: 'detached' });
    await verifier.getByRole('dialog').waitFor();
  },

  'pages with pictures are accessible': async (city) => {
    const dispatcher = await city.page('dispatcher');
    const { id, handler } = await handling(city, dispatcher);
    const sent = await handler.request.post('/api/v1/media?name=a.png', {
      headers: { 'X-Yiwang-Csrf': '1', 'Content-Type': 'image/png' },
      data: png(GREEN),
    });
    const media_id = (await sent.json()).id;
    await give(city, handler, id, 'note', { text: '现场', attachments: [{ media_id }] });
    const page = await city.page('dispatcher', { path: `/incidents?scope=all&sel=${id}`, axe: true });
    await page.locator('.detail .thumb img').waitFor();
    await city.assertAccessible(page, 'a case with pictures');
    await page.locator('.detail .thumb').click();
    await page.locator('.lightbox-stage').waitFor();
    await page.waitForTimeout(400);
    await city.assertAccessible(page, 'the viewer');
    const intake = await city.page('intake', { path: '/intake', axe: true });
    await picker(intake.getByRole('group', { name: '图片与文件' })).setInputFiles([file('a.png', BROWN)]);
    await intake.locator('.thumb img').waitFor();
    await city.assertAccessible(intake, 'intake with pictures');
  },
};
