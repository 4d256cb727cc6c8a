// Journeys through the console in a real browser against a running demo city: BASE_URL=http://… node e2e/run.mjs
// Names may be given to run some of them: node e2e/run.mjs conflict. HALF=1 or HALF=2 runs one of two halves, which may go
// on at the same time, each against a city of its own.

import { openBrowser } from './browser.mjs';
import { journeys as access } from './journeys/access.mjs';
import { journeys as administration } from './journeys/administration.mjs';
import { journeys as alarms } from './journeys/alarms.mjs';
import { journeys as appearance } from './journeys/appearance.mjs';
import { journeys as calendars } from './journeys/calendars.mjs';
import { journeys as charts } from './journeys/charts.mjs';
import { journeys as commands } from './journeys/commands.mjs';
import { journeys as devices } from './journeys/devices.mjs';
import { journeys as duties } from './journeys/duties.mjs';
import { journeys as lifecycle } from './journeys/lifecycle.mjs';
import { journeys as map } from './journeys/map.mjs';
import { journeys as mapEdit } from './journeys/map-edit.mjs';
import { journeys as mapFences } from './journeys/map-fences.mjs';
import { journeys as mapMoving } from './journeys/map-moving.mjs';
import { journeys as media } from './journeys/media.mjs';
import { journeys as rules } from './journeys/rules.mjs';
import { journeys as sensing } from './journeys/sensing.mjs';
import { journeys as vitals } from './journeys/vitals.mjs';
import { journeys as wall } from './journeys/wall.mjs';
import { journeys as workbench } from './journeys/workbench.mjs';
import { letItStorm } from './storm.mjs';

const base = process.env.BASE_URL;
if (!base) {
  console.error('BASE_URL must name a running demo city, e.g. http://127.0.0.1:8080');
  process.exit(2);
}

const wanted = process.argv.slice(2);
const halves = {
  1: {
    ...access,
    ...lifecycle,
    ...workbench,
    ...media,
    ...duties,
    ...administration,
    ...calendars,
    ...sensing,
    ...rules,
    ...devices,
    ...commands,
    ...charts,
    // Last, as their storm takes minutes to bring them.
    ...alarms,
  },
  2: { ...map, ...mapMoving, ...mapFences, ...mapEdit, ...vitals, ...wall, ...appearance },
};
const asked = process.env.HALF ? halves[process.env.HALF] : { ...halves[2], ...halves[1] };
if (!asked) {
  console.error('HALF is 1 or 2; without it both halves run, one after the other');
  process.exit(2);
}
const chosen = Object.entries(asked).filter(
  ([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);

const city = await openBrowser(base);
if (chosen.some(([name]) => name in alarms)) {
  await letItStorm(city, await city.page('dispatcher', { path: '/favicon.svg' }));
  await city.closePages();
}
let [passed, failed] = [0, 0];
for (const [name, journey] of chosen) {
  const started = performance.now();
  const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    await journey(city);
    city.assertQuiet();
    passed += 1;
    console.log(`ok      ${name} (${took()})`);
  } catch (fault) {
    failed += 1;
    console.log(
      `not ok  ${name} (${took()})\n        ${String(fault?.stack ?? fault).replaceAll('\n', '\n        ')}`,
    );
    await city.keepPicture(name);
  } finally {
    await city.closePages();
  }
}
await city.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
