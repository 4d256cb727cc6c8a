// Whether the wall's memory stays flat: BASE_URL=http://… node e2e/soak-wall.mjs [minutes] [seconds of a screen]
// Run by hand against a living demo city. Every half minute, after a collection of garbage, it prints the heap, the page's
// nodes and listeners and the memory of the browser's process that draws it; at the end how they grew over the last half.

import { readFileSync } from 'node:fs';
import { openBrowser } from './browser.mjs';

const base = process.env.BASE_URL;
const minutes = Number(process.argv[2] ?? 60);
const turn = Number(process.argv[3] ?? 30);
if (!base || !(minutes > 0) || !(turn >= 5)) {
  console.error(
    'BASE_URL must name a running demo city; minutes are above 0, a screen stands at least 5 seconds',
  );
  process.exit(2);
}
const EVERY_MS = 30_000;
const SCREENS = 'city-overview,flood,requests';

const city = await openBrowser(base);
try {
  const path = `/wall?kiosk=1&rotate=${turn}&screens=${SCREENS}`;
  const page = await city.page('leader', { path, viewport: { width: 1920, height: 1080 } });
  await page.locator('.wall-screen').first().waitFor();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable');
  const drawer = await drawerOf(city, page);
  const samples = [];
  const until = Date.now() + minutes * 60_000;
  while (Date.now() < until) {
    await page.waitForTimeout(EVERY_MS);
    const sample = await look(tools, drawer);
    samples.push(sample);
    const minute = ((samples.length * EVERY_MS) / 60_000).toFixed(1);
    console.log(
      `${minute} min: heap ${sample.heap.toFixed(1)} MB, ${sample.nodes} nodes, ${sample.listeners} listeners, process ${sample.process.toFixed(0)} MB`,
    );
  }
  report(samples);
  city.assertQuiet();
} finally {
  await city.close();
}

async function look(tools, drawer) {
  await tools.send('HeapProfiler.collectGarbage');
  const { metrics } = await tools.send('Performance.getMetrics');
  const of = (name) => metrics.find((each) => each.name === name)?.value ?? 0;
  return {
    heap: of('JSHeapUsedSize') / 1e6,
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    process: memoryOf(drawer),
  };
}

/** The process that draws the page: the renderer with the most memory. */
async function drawerOf(open, page) {
  await page.waitForTimeout(5_000);
  const browser = await open.browser.newBrowserCDPSession();
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const drawers = processInfo.filter((each) => each.type === 'renderer').map((each) => each.id);
  return drawers.sort((one, other) => memoryOf(other) - memoryOf(one))[0];
}

/** Resident memory without what is shared, in MB; nothing where the system does not say it. */
function memoryOf(process) {
  try {
    const line = readFileSync(`/proc/${process}/status`, 'utf8').match(/RssAnon:\s+(\d+)/);
    return Number(line?.[1] ?? 0) / 1_000;
  } catch {
    return 0;
  }
}

/** The slope of a straight line through the second half, by the hour. */
function report(samples) {
  const half = samples.slice(Math.floor(samples.length / 2));
  for (const [name, unit] of [
    ['heap', 'MB'],
    ['nodes', ''],
    ['listeners', ''],
    ['process', 'MB'],
  ]) {
    const values = half.map((sample) => sample[name]);
    const middle = (values.length - 1) / 2;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const [up, across] = values.reduce(
      ([rise, run], value, at) => [rise + (at - middle) * (value - mean), run + (at - middle) ** 2],
      [0, 0],
    );
    const byHour = across > 0 ? ((up / across) * 3_600_000) / EVERY_MS : 0;
    console.log(
      `${name}: ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} ${unit} in the last half, ${byHour.toFixed(1)} ${unit} an hour`,
    );
  }
}
