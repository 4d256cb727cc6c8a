// The pictures of the read-me: BASE_URL=http://… node e2e/pictures.mjs
// Against a fresh demo city (`yiwang demo`); writes docs/pictures/*.webp, each small enough to be kept. Names may be given to
// make some; `wall` makes all of the wall's.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { openBrowser } from './browser.mjs';

const base = process.env.BASE_URL;
if (!base) {
  console.error('BASE_URL must name a running demo city, e.g. http://127.0.0.1:8080');
  process.exit(2);
}
const wanted = process.argv.slice(2);
const FOLDER = new URL('../../docs/pictures/', import.meta.url);
const BYTES_MAX = 200 * 1024;
/** A wall of three displays holds three times as much. */
const WALL_BYTES_MAX = 250 * 1000;
const QUALITIES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
const SETTLE_MS = 1500;
const VIEW = { width: 1440, height: 900 };
const WIDE = { width: 1920, height: 1080 };
/** Tiles of a map come one after another. */
const TILES_MS = 4000;

const PICTURES = {
  workbench: async (city, language) => {
    const page = await city.page('dispatcher', { path: '/incidents?sort=due', language, viewport: VIEW });
    const row = page.locator('.incident-list-body [role="row"]').nth(2);
    await row.click();
    await page.locator('.detail-head h2').waitFor();
    await page.locator('.clock').first().waitFor();
    await page.locator('#case-map .yw-map[data-ready="true"]').waitFor();
    return page;
  },
  intake: async (city, language) => {
    const page = await city.page('intake', { path: '/intake', language, viewport: VIEW });
    await page.locator('.intake-form').waitFor();
    await page.locator('#description').fill('人民中路菜场门口垃圾堆了三天没人清运，味道很大，请尽快处理。');
    await page.locator('#title').fill('人民中路菜场门口垃圾堆积');
    await page.locator('.suggestions button').first().click();
    const map = page.locator('.yw-map[data-ready="true"]').first();
    await map.waitFor();
    const { width, height } = await map.boundingBox();
    // In the middle of the old town, as the whole city is first shown.
    await map.click({ position: { x: width * 0.45, y: height * 0.41 } });
    await page.locator('.reasons li').first().waitFor();
    assert.equal(await page.locator('.intake-bad').count(), 0, 'the place must lie in the city');
    return page;
  },
  responsibility: async (city, language) => {
    const page = await city.page('analyst', { path: '/responsibility', language, viewport: VIEW });
    await page.locator('.yw-table tbody tr').nth(5).waitFor();
    return page;
  },
  map: async (city, language) => {
    const page = await city.page('duty', { path: '/map', language, viewport: WIDE });
    await page.locator('.yw-board[data-ready="true"]').waitFor();
    await page.waitForTimeout(TILES_MS);
    return page;
  },
  'map-close': async (city, language) => {
    const path = '/map?c=120.2785,31.908,16.4&tab=list&on=component,device,cases,alarms,road,village';
    const page = await city.page('duty', { path, language, theme: 'dark', viewport: WIDE });
    await page.locator('.thing-line[data-layer="component"]').first().waitFor();
    await page.waitForTimeout(TILES_MS);
    await page.locator('.thing-line[data-layer="component"]').first().click();
    await page.locator('.map-state').waitFor();
    return page;
  },
  wall: (city, language) => wall(city, language, WIDE),
  'wall-32x9': (city, language) => wall(city, language, { width: 3840, height: 1080 }),
  'wall-48x9': (city, language) => wall(city, language, { width: 5760, height: 1080 }),
  'wall-phone': (city, language) => wall(city, language, { width: 390, height: 844 }),
};

/** The wall as a machine before displays of this size shows it. */
async function wall(city, language, viewport) {
  const page = await city.page('leader', { path: '/wall/city-overview?kiosk=1', language, viewport });
  await page.locator('.wall-grid').waitFor();
  await page.locator('.ww[data-state="loading"]').first().waitFor({ state: 'detached' });
  // On a phone the map lies further down.
  await page.locator('.yw-board[data-ready="true"]').first().waitFor({ state: 'attached' });
  await page.waitForTimeout(TILES_MS);
  return page;
}

/** A name of a picture, or the beginning of one up to a hyphen: `wall` is all of the wall's. */
const isWanted = (name) =>
  wanted.length === 0 || wanted.includes(name) || wanted.includes(name.split('-')[0]);

/** The picture as WebP, at the best quality that is small enough; the browser's own encoder. */
async function webp(page, png, most) {
  const encode = async ([source, quality]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', quality);
  };
  const source = `data:image/png;base64,${png.toString('base64')}`;
  for (const quality of QUALITIES) {
    const data = await page.evaluate(encode, [source, quality]);
    assert.ok(data.startsWith('data:image/webp'), 'this browser writes no WebP');
    const bytes = Buffer.from(data.split(',')[1], 'base64');
    if (bytes.length <= most) return bytes;
  }
  throw new Error(`no quality makes the picture smaller than ${most} bytes`);
}

await mkdir(FOLDER, { recursive: true });
const city = await openBrowser(base);
try {
  for (const [language, suffix] of [
    ['zh-CN', ''],
    ['en', '.en'],
  ]) {
    for (const [name, show] of Object.entries(PICTURES)) {
      if (!isWanted(name)) continue;
      const page = await show(city, language);
      await page.waitForTimeout(SETTLE_MS);
      const most = name.startsWith('wall') ? WALL_BYTES_MAX : BYTES_MAX;
      const bytes = await webp(page, await page.screenshot(), most);
      const file = `${name}${suffix}.webp`;
      await writeFile(new URL(file, FOLDER), bytes);
      console.log(`docs/pictures/${file}: ${Math.round(bytes.length / 1024)} kB`);
      await city.closePages();
    }
  }
} finally {
  await city.close();
}
