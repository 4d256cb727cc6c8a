import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { assertPagesAccessible } from '../accessible.mjs';
import { report } from '../cases.mjs';

const ENTRY_MAX_BYTES = 350 * 1024;
const CITIZEN_MAX_BYTES = 150 * 1024;

/** Account, address, and what must be there before the page is looked at; that of alarms comes with the alarms. */
const PAGES = [
  ['analyst', '/', '.home-bars a'],
  ['dispatcher', '/incidents', '.incident-list-body [role="row"]'],
  ['duty', '/devices', '.side-list .yw-table'],
  ['duty', '/devices?view=map', '.device-map [data-ready="true"]'],
  ['duty', '/sensing', '.sensing-edges .yw-table'],
  ['analyst', '/alarm-rules?rule=ponding', '.rule-versions'],
  ['duty', '/escalations?hours=72&clock=handle', '.turn-counts'],
  ['intake', '/intake', '.intake-form'],
  ['handler', '/tasks', '.inbox-bar'],
  ['verifier', '/verify', '.filter-bar'],
  ['analyst', '/responsibility', '.yw-table'],
  ['analyst', '/responsibility?tab=resolve', '.resolve-split'],
  ['analyst', '/responsibility?tab=drafts', '.drafts-split'],
  ['dispatcher', '/items?code=01.01', '.item-detail .yw-table'],
  ['dispatcher', '/items?tab=codesets', '.codeset-items a'],
  ['dispatcher', '/calendars', '.month'],
  ['admin.system', '/people', '.yw-table'],
  ['admin.security', '/people?tab=tokens', '.tokens-hint'],
  ['admin.system', '/packs', '.pack-note'],
  ['admin.security', '/people?tab=roles', '.matrix .yw-table'],
  ['admin.audit', '/audit', '.yw-table'],
  ['admin.system', '/system', '.system-figures'],
  ['dispatcher', '/password', '.password-page'],
];

async function weigh(page, go) {
  let bytes = 0;
  page.on('response', async (response) => {
    if (!/\.(js|css)(\?|$)/.test(response.url())) return;
    bytes += gzipSync(await response.body().catch(() => Buffer.alloc(0))).length;
  });
  await go();
  await page.waitForLoadState('networkidle');
  return bytes;
}

export const journeys = {
  'axe finds nothing on any page, light in Chinese and dark in English': (city) =>
    assertPagesAccessible(city, PAGES),

  'axe finds nothing on the case, its dialogs, sign-in and the citizen’s page': async (city) => {
    for (const theme of ['light', 'dark']) {
      const page = await city.page('dispatcher', { theme, axe: true });
      const made = await report(city, page);
      await page.goto(`/incidents?scope=all&sel=${made.id}`);
      await page.locator('.detail-head h2').waitFor();
      await page.locator('.clock').first().waitFor();
      await city.assertAccessible(page, `case (${theme})`);
      await page.keyboard.press('c');
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(400);
      await city.assertAccessible(page, `dialog (${theme})`);
      const { number, query_code } = made.public;
      const path = `/status/${number}?code=${query_code}`;
      const status = await city.page(undefined, { path, theme, axe: true });
      await status.locator('.citizen-stage').waitFor();
      await city.assertAccessible(status, `citizen (${theme})`);
      const door = await city.page(undefined, { theme, axe: true });
      await door.locator('.sign-in-demo li').first().waitFor();
      await city.assertAccessible(door, `sign-in (${theme})`);
      city.assertQuiet();
      await city.closePages();
    }
  },

  'the language and the theme are kept': async (city) => {
    const page = await city.page('dispatcher', { path: '/incidents' });
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('.rail').getByText('Workbench').waitFor();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.reload();
    await page.locator('.rail').getByText('Workbench').waitFor();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  },

  'the first page is light, and the map is not part of it': async (city) => {
    const page = await city.page(undefined, { path: '/favicon.svg' });
    const entry = await weigh(page, () => page.goto('/'));
    assert.ok(entry <= ENTRY_MAX_BYTES, `${(entry / 1024).toFixed(0)} kB for the first page`);
    const html = await (await page.request.get('/')).text();
    assert.ok(!html.includes('maplibre'), 'the first page must not preload the map');
    const citizen = await city.page(undefined, { path: '/favicon.svg' });
    const small = await weigh(citizen, () => citizen.goto('/status/X?code=Y'));
    assert.ok(small <= CITIZEN_MAX_BYTES, `${(small / 1024).toFixed(0)} kB for the citizen's page`);
  },

  'small screens have no sideways scrolling': async (city) => {
    const page = await city.page('dispatcher', {
      path: '/incidents',
      viewport: { width: 1366, height: 768 },
    });
    await page.locator('.incident-list-body [role="row"]').first().waitFor();
    for (const path of ['/', '/incidents', '/intake', '/items', '/responsibility', '/system']) {
      await page.goto(path);
      await page.waitForTimeout(800);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, path);
    }
  },
};
