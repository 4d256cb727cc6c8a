import assert from 'node:assert/strict';

// A rule wants the water to stand for minutes before it says so.
const ALARM_PATIENCE_MS = 420_000;
/** So long its rain falls and its water stands. */
const STORM_MS = 1_500_000;

let came = Number.NEGATIVE_INFINITY;

/**
 * Lets the demo's storm come; once in a run, as a new one takes away the water of the one before. Its alarms take
 * minutes, so a run that wants them lets it come first of all.
 */
export async function letItStorm(city, page) {
  if (Date.now() - came < STORM_MS) return;
  came = Date.now();
  assert.equal((await city.call(page, 'POST', '/demo/storm')).status, 200);
}

/** An alarm of one device that is open, heard and not acknowledged. */
export async function openAlarm(city, page) {
  const wanted =
    '/alarms?open=true&acknowledged=false&shelved=false&suppressed=false&kind=single&members=true&limit=1';
  const end = Date.now() + ALARM_PATIENCE_MS;
  while (Date.now() < end) {
    const alarm = (await city.call(page, 'GET', wanted)).body.items[0];
    if (alarm) return alarm;
    await letItStorm(city, page);
    await page.waitForTimeout(1_000);
  }
  throw new Error('the storm brought no alarm');
}
