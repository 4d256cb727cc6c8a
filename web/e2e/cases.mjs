import assert from 'node:assert/strict';

let counter = 0;

/** A matter that nobody else writes about. */
export function matter() {
  counter += 1;
  return `人民中路第${Date.now() % 100_000}-${counter}号门前暴露垃圾堆积，居民反映多日无人清运`;
}

/** A spot in the middle of the city. */
export const SPOT = { lon: 120.2849, lat: 31.9108 };

/** Puts a case in through the API as the page's officer; accepted at the desk. */
export async function report(city, page, more = {}) {
  const { status, body } = await city.call(page, 'POST', '/incidents', {
    source: 'hotline',
    title: matter(),
    description: '垃圾堆积，气味难闻，请尽快清运。',
    position: SPOT,
    address: '人民中路',
    item_code: await leaf(city, page),
    reporter: { name: '测试', phone: '10000000000' },
    desk: true,
    ...more,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

let leafCode;

/** An item that fits rubbish in the street. */
async function leaf(city, page) {
  if (!leafCode) {
    const { body } = await city.call(
      page,
      'GET',
      `/items/suggest?text=${encodeURIComponent('路边暴露垃圾无人清运')}`,
    );
    leafCode = body.items[0].code;
  }
  return leafCode;
}

/** Gives a command through the API; the case after it. */
export async function give(city, page, id, command, body) {
  const answer = await city.call(page, 'POST', `/incidents/${id}/commands/${command}`, body);
  assert.equal(answer.status, 200, `${command}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The id of the unit with that code. */
export async function unit(city, page, code) {
  const { body } = await city.call(page, 'GET', `/orgs?q=${code}`);
  const found = body.items.find((org) => org.code === code);
  assert.ok(found, `no unit ${code}`);
  return found.id;
}

/** The text of the state that the detail shows. */
export const state = (page) => page.locator('.detail-line .yw-chip').first();

/** Opens the case in the workbench. */
export async function openCase(page, id) {
  await page.goto(`/incidents?scope=all&sel=${id}`);
  await page.locator('.detail-head h2').waitFor();
}

/** Presses the button of a command, also when it is behind "more". */
export async function press(page, name) {
  const button = page.locator('.detail-actions').getByRole('button', { name, exact: true });
  if (await button.count()) return button.click();
  await page.locator('.detail-actions').getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

/** Chooses in a type-ahead field of the open dialog. */
export async function choose(page, label, text, option) {
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('combobox', { name: label });
  await field.click();
  await field.fill(text);
  await page.locator(`.ant-select-item-option[title="${option}"]`).first().click();
}

/** Submits the open dialog by its keys and waits until it is gone. */
export async function submit(page) {
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
