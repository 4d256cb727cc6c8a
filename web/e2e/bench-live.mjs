// How long until another officer's change is painted: BASE_URL=http://… node e2e/bench-live.mjs [changes]
// Run by hand against a demo city on a quiet machine (`yiwang demo --quiet-city`); prints median and p95, in
// milliseconds from the answer to the one who changed something until the other one's screen has painted it.

import { cpus } from 'node:os';
import { openBrowser } from './browser.mjs';
import { give, report } from './cases.mjs';

const base = process.env.BASE_URL;
const changes = Number(process.argv[2] ?? 40);
if (!base || !(changes >= 1)) {
  console.error('BASE_URL must name a running demo city; the number of changes is at least 1');
  process.exit(2);
}
const WARM_UP = 3;
const PAUSE_MS = 250;
const PATIENCE_MS = 20_000;
const clock = () => performance.timeOrigin + performance.now();

const city = await openBrowser(base);
try {
  const other = await city.page('dispatcher');
  // A quiet city may be empty: one case makes the list.
  await report(city, other);
  const watcher = await city.page('duty', { path: '/incidents' });
  await watcher.locator('.top-bar-live[data-state="live"]').waitFor();
  await watcher.locator('.incident-list-body [role="row"]').first().waitFor();
  await watcher.evaluate(watchPaints);

  const [arrived, changed] = [[], []];
  for (let turn = -WARM_UP; turn < changes; turn += 1) {
    const made = await report(city, other);
    const answered = clock();
    const newRow = (await painted(watcher, made.id, '待立案')) - answered;
    await watcher.waitForTimeout(PAUSE_MS);
    const checks = made.checks.register.map((line) => line.code);
    await give(city, other, made.id, 'register', { checks });
    const given = clock();
    const newState = (await painted(watcher, made.id, '待派遣')) - given;
    await watcher.waitForTimeout(PAUSE_MS);
    if (turn >= 0) {
      arrived.push(newRow);
      changed.push(newState);
    }
  }
  console.log(`${changes} changes each, ${cpus().length} cores (${cpus()[0]?.model})`);
  console.log(`a new case in the list:    ${figures(arrived)}`);
  console.log(`a case's state in the list: ${figures(changed)}`);
} finally {
  await city.close();
}

/** In the page: notes for each row of the list when its words were first on the screen. */
function watchPaints() {
  const seen = new Map();
  globalThis.paintsSeen = seen;
  const note = () => {
    const found = [];
    for (const row of document.querySelectorAll('.incident-list-body [role="row"]')) {
      const key = `${row.id}|${row.querySelector('.cell-status')?.textContent ?? ''}`;
      if (!seen.has(key)) found.push(key);
    }
    if (found.length === 0) return;
    // The frame after the one that draws it: by then it has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const now = performance.timeOrigin + performance.now();
        for (const key of found) if (!seen.has(key)) seen.set(key, now);
      }),
    );
  };
  note();
  new MutationObserver(note).observe(document.querySelector('.incident-list-body'), {
    subtree: true,
    childList: true,
    characterData: true,
  });
}

/** When the row with that state was painted. */
async function painted(page, id, words) {
  const until = clock() + PATIENCE_MS;
  while (clock() < until) {
    const at = await page.evaluate((key) => globalThis.paintsSeen.get(key), `case-${id}|${words}`);
    if (at !== undefined) return at;
    await page.waitForTimeout(20);
  }
  throw new Error(`case ${id} was not seen as ${words} within ${PATIENCE_MS} ms`);
}

function figures(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
  return `median ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, most ${sorted.at(-1).toFixed(0)} ms`;
}
