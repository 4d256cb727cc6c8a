import assert from 'node:assert/strict';

/** Late words and pictures come in this time. */
const LATE_MS = 300;

const SHOWN = [
  { theme: 'light', language: 'zh-CN', toTheme: '浅色', toLanguage: '中文' },
  { theme: 'dark', language: 'en', toTheme: '深色', toLanguage: 'English' },
];

/** Turns an open page over, as its reader does. */
async function show(page, { theme, language, toTheme, toLanguage }) {
  const html = page.locator('html');
  const other = SHOWN.find((one) => one.language !== language);
  // Both names are read in the language of before.
  assert.equal(await html.getAttribute('lang'), other.language);
  const names = other.language === 'en' ? { 浅色: 'Light', 深色: 'Dark' } : { 浅色: '浅色', 深色: '深色' };
  await page.getByRole('button', { name: names[toTheme], exact: true }).click();
  await page.getByRole('button', { name: toLanguage, exact: true }).click();
  await page.locator(`html[data-theme="${theme}"][lang="${language}"]`).waitFor();
}

/**
 * WCAG on pages, each of them light in Chinese and dark in English. One of the two it is opened in, in turns, and then
 * it is turned over. `pages`: account, address, and what must be there before a page is looked at.
 */
export async function assertPagesAccessible(city, pages) {
  const accounts = new Set(pages.map(([account]) => account));
  for (const account of accounts) {
    let now = 0;
    const { theme, language } = SHOWN[now];
    const page = await city.page(account, { path: '/favicon.svg', theme, language, axe: true });
    for (const [, path, ready] of pages.filter(([one]) => one === account)) {
      await page.goto(path);
      for (const next of [now, 1 - now]) {
        if (next !== now) await show(page, SHOWN[next]);
        await page.locator(ready).first().waitFor();
        await page.waitForTimeout(LATE_MS);
        await city.assertAccessible(page, `${path} (${SHOWN[next].theme}, ${SHOWN[next].language})`);
        now = next;
      }
    }
    city.assertQuiet();
    await city.closePages();
  }
}
