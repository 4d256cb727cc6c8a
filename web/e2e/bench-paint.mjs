// How long until the overview of a busy city is on the screen: YIWANG_BIN=…/yiwang node e2e/bench-paint.mjs [runs]
// Run by hand on a quiet machine with a shipped build. Starts a city of its own with 300 indicators and 1,000 cases on the
// map, opens the wall's overview in a new browser each time, and prints the median from the request for the page to the
// browser's first contentful paint, to the last widget that has its numbers, and to the map with all cases drawn.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { report, SPOT } from './cases.mjs';

const binary = process.env.YIWANG_BIN;
const runs = Number(process.argv[2] ?? 9);
if (!binary || !(runs >= 1)) {
  console.error('YIWANG_BIN must name the program; the number of runs is at least 1');
  process.exit(2);
}
const INDICATORS = 300;
const CASES = 1_000;
const DOMAINS = 'ABCDEFGHIJKL';
const AT_ONCE = 8;
const VIEW = { width: 1920, height: 1080 };
const WITHIN_MS = 60_000;

const home = mkdtempSync(join(tmpdir(), 'yiwang-paint-'));
let server;
try {
  const data = join(home, 'data');
  execFileSync(binary, ['pack', 'install', '--data', data]);
  const base = await start(data);
  let city = await openBrowser(base);
  const desk = await city.page('dispatcher', { path: '/favicon.svg' });
  const shipped = await codes(city, desk);
  await city.close();
  await stop();
  writePack(join(home, 'more'), INDICATORS - shipped.length);
  execFileSync(binary, ['pack', 'install', join(home, 'more'), '--data', data], { stdio: 'inherit' });
  const busy = await start(data);
  city = await openBrowser(busy);
  await fill(city);
  await city.close();
  const times = [];
  for (let run = 0; run < runs; run += 1) times.push(await open(busy));
  console.log(
    `${INDICATORS} indicators, ${CASES} cases, ${runs} new browsers, ${cpus().length} cores (${cpus()[0]?.model})`,
  );
  for (const [name, words] of [
    ['painted', 'first contentful paint'],
    ['filled', 'every widget has its numbers'],
    ['drawn', 'map with all cases drawn'],
  ]) {
    const all = times.map((time) => time[name]).sort((one, other) => one - other);
    const middle = all[Math.floor(all.length / 2)];
    console.log(
      `${words}: median ${middle.toFixed(0)} ms (${all[0].toFixed(0)} to ${all.at(-1).toFixed(0)})`,
    );
  }
} finally {
  await stop();
  if (!process.env.KEEP) rmSync(home, { recursive: true, force: true });
}

async function start(data) {
  const free = ['TOKEN', 'ADDRESS', 'SIGN_IN', 'PUBLIC'].map((kind) => [
    `YIWANG__SERVER__RATE_LIMITS__${kind}__PER_SECOND`,
    '0',
  ]);
  server = spawn(
    binary,
    ['demo', '--quiet-city', '--backlog', '0', '--data', data, '--listen', '127.0.0.1:0'],
    {
      env: { ...process.env, ...Object.fromEntries(free), YIWANG__LOG__LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  for await (const piece of server.stdout) {
    said += piece;
    const ready = said.match(/ready at (http:\S+)/);
    if (ready) {
      server.stdout.resume();
      return ready[1].replace(/\/$/, '');
    }
  }
  throw new Error(`the program ended before it was ready: ${said}`);
}

async function stop() {
  if (!server || server.exitCode !== null) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
}

async function codes(city, page) {
  const { status, body } = await city.call(page, 'GET', '/indicators');
  assert.equal(status, 200);
  return body.map((item) => item.code);
}

/** Codes that no pack of ours has, in all domains by turns. */
function codeOf(at) {
  return `${DOMAINS[at % DOMAINS.length]}${60 + Math.floor(at / DOMAINS.length)}`;
}

/** Indicators as those that count cases are, by towns, with limits. */
function writePack(folder, count) {
  assert.ok(count > 0, 'the packs have more indicators than are asked for');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'pack.yaml'),
    'id: more\nversion: 2026.1.0\ntitle: { zh: 测量, en: Bench }\nrequires: [core, vitals]\n',
  );
  const entries = Array.from({ length: count }, (_, at) => ({
    code: codeOf(at),
    name: { zh: `在办数${at}`, en: `Open cases ${at}` },
    domain: codeOf(at)[0],
    direction: 'lower_is_better',
    formula: { cases: { state: 'open', measure: 'count' } },
    grain: { time: 'instant', space: 'town' },
    source: { zh: '平台', en: 'Platform' },
    owner: 'coc',
    refresh: '5m',
    range: { min: 0 },
    thresholds: [
      {
        attention: { op: '>=', value: 2_000 + at },
        warning: { op: '>=', value: 3_000 },
        alarm: { op: '>=', value: 4_000 },
      },
    ],
  }));
  writeFileSync(join(folder, 'indicators.yaml'), JSON.stringify(entries));
}

/** Cases over the whole middle of the city. */
async function fill(city) {
  const page = await city.page('dispatcher', { path: '/favicon.svg' });
  const made = Array.from({ length: CASES }, (_, at) => at);
  const work = async () => {
    for (let at = made.pop(); at !== undefined; at = made.pop()) {
      const position = {
        lon: SPOT.lon - 0.03 + ((at % 40) / 40) * 0.06,
        lat: SPOT.lat - 0.015 + (Math.floor(at / 40) / 25) * 0.02,
      };
      await report(city, page, { position });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    const { body } = await city.call(page, 'GET', '/indicators');
    const counted = body.find((item) => item.code === codeOf(0));
    if (body.length >= INDICATORS && counted?.value >= CASES) break;
    assert.ok(Date.now() < until, `the numbers do not come: ${body.length}, ${JSON.stringify(counted)}`);
    await page.waitForTimeout(500);
  }
}

/** One look at the overview with nothing kept from before. */
async function open(base) {
  const city = await openBrowser(base);
  try {
    const page = await city.page('leader', { path: '/favicon.svg', viewport: VIEW });
    await page.addInitScript(watch, CASES);
    await page.goto('/wall/city-overview?kiosk=1', { waitUntil: 'commit' });
    await page.waitForFunction(() => globalThis.paintTimes?.drawn > 0, undefined, { timeout: WITHIN_MS });
    const times = await page.evaluate(() => ({
      ...globalThis.paintTimes,
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    }));
    city.assertQuiet();
    return times;
  } finally {
    await city.close();
  }
}

/** In the page, by its own clock, which begins with the request for the page. */
function watch(cases) {
  const times = { filled: 0, counted: 0, drawn: 0 };
  globalThis.paintTimes = times;
  const look = () => {
    const now = performance.now();
    const frames = [...document.querySelectorAll('.ww')];
    const isFull = frames.length >= 8 && frames.every((frame) => frame.dataset.state !== 'loading');
    if (isFull && times.filled === 0) times.filled = now;
    const counts = document.querySelector('.ww-map-counts')?.textContent?.replaceAll(/[^\d ]/g, '') ?? '';
    if (times.counted === 0 && Number.parseInt(counts, 10) >= cases) times.counted = now;
    const settled = Number(document.querySelector('.yw-board [data-settled-at]')?.dataset.settledAt ?? 0);
    if (times.filled > 0 && times.counted > 0 && settled > times.counted) times.drawn = settled;
    if (times.drawn === 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
