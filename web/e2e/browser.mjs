import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const PASSWORD = 'yiwang-demo';
// Software drawing on a machine that builds something else beside it: patience costs nothing where all goes well.
const PATIENCE_MS = 60_000;
// Software drawing is pinned: the pictures and the timing must not depend on the machine's graphics.
const FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];
/** A connection that rested may be closed by the city in the moment in which it is used again: each call has its own. */
const OWN_CONNECTION = { Connection: 'close' };
// The browser says these of answers that a journey asks for on purpose.
const ANSWERS = /status of (400|401|403|404|409|422|429)/;

/** One browser, and everything that was wrong in it: script faults, blocked content, requests that left the city. */
export async function openBrowser(base) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
  return new City(browser, base);
}

class City {
  constructor(browser, base) {
    this.browser = browser;
    this.base = base;
    this.contexts = [];
    this.faults = [];
    this.expected = [ANSWERS];
  }

  /** Words of the browser that this journey brings about on purpose. */
  expect(words) {
    this.expected.push(words);
  }

  /** A page of its own for `username`, signed in; nobody when there is no name. */
  async page(username, { path = '/', theme = 'light', language = 'zh-CN', viewport, axe = false } = {}) {
    const context = await this.browser.newContext({
      viewport: viewport ?? { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      colorScheme: theme,
      serviceWorkers: 'block',
      // Nothing moves: what is clicked stands still, and colours are those that are meant.
      reducedMotion: 'reduce',
      bypassCSP: axe,
      baseURL: this.base,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    this.contexts.push(context);
    await context.addInitScript(
      ([chosenTheme, chosenLanguage]) => {
        localStorage.setItem('yw.theme', localStorage.getItem('yw.theme') ?? chosenTheme);
        localStorage.setItem('yw.language', localStorage.getItem('yw.language') ?? chosenLanguage);
      },
      [theme, language],
    );
    if (username) await this.signIn(context, username);
    const page = await context.newPage();
    this.watch(page);
    await page.goto(path);
    return page;
  }

  async signIn(context, username) {
    const answer = await context.request.post('/api/v1/sessions', {
      headers: OWN_CONNECTION,
      data: { username, password: PASSWORD },
    });
    assert.equal(answer.status(), 201, `${username} must be able to sign in: ${await answer.text()}`);
  }

  watch(page) {
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      const isExpected = this.expected.some((words) => words.test(text));
      if (message.type() === 'error' && !isExpected) this.faults.push(`console: ${text}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.base) && !url.startsWith('data:')) this.faults.push(`outside request: ${url}`);
    });
  }

  /** Calls the API with the page's own session. */
  async call(page, method, path, data, headers = {}) {
    const answer = await page.request.fetch(`/api/v1${path}`, {
      method,
      headers: { 'X-Yiwang-Csrf': '1', ...OWN_CONNECTION, ...headers },
      ...(data === undefined ? {} : { data }),
    });
    const text = await answer.text();
    return { status: answer.status(), body: text ? JSON.parse(text) : undefined };
  }

  /** Waits until nothing on the page moves or changes its colour any more; what turns for ever is no such thing. */
  async settle(page) {
    const deadline = Date.now() + PATIENCE_MS;
    const moving = () =>
      page.evaluate(
        () =>
          new Promise((told) => {
            // The frame after the next: changes made just now have begun to move by then.
            requestAnimationFrame(() =>
              requestAnimationFrame(() => {
                const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
                const running = document.getAnimations().filter((one) => one.playState === 'running');
                told(running.filter(ends).map((one) => one.animationName ?? one.transitionProperty ?? ''));
              }),
            );
          }),
      );
    for (let names = await moving(); names.length > 0; names = await moving()) {
      assert.ok(Date.now() < deadline, `still moving: ${names}`);
    }
  }

  /** WCAG 2.2 AA on what the page shows now. */
  async assertAccessible(page, name) {
    await this.settle(page);
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: AXE });
    const violations = await page.evaluate(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
      const result = await globalThis.axe.run(document, options);
      return result.violations.map(({ id, nodes }) => ({
        id,
        where: nodes.slice(0, 4).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
      }));
    });
    assert.deepEqual(violations, [], `axe on ${name}`);
  }

  assertQuiet() {
    assert.deepEqual(this.faults, [], 'nothing may go wrong in the browser');
  }

  async keepPicture(name) {
    const page = this.contexts.at(-1)?.pages().at(-1);
    const path = join(tmpdir(), `yiwang-${name.replace(/\W+/g, '-')}.png`);
    const kept = await page?.screenshot({ path, timeout: 5000 }).catch(() => undefined);
    if (kept) console.log(`        ${path} ${page.url()}`);
  }

  async closePages() {
    this.faults = [];
    this.expected = [ANSWERS];
    for (const context of this.contexts.splice(0)) await context.close();
  }

  async close() {
    await this.browser.close();
  }
}
