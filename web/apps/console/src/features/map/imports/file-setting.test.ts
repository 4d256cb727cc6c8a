import { expect, it } from 'vitest';
import { EMPTY_SETTING, settingOf } from './file-setting.ts';

it('nothing is sent before somebody has said the coordinate system', () => {
  expect(settingOf(EMPTY_SETTING)).toBeUndefined();
  expect(settingOf({ ...EMPTY_SETTING, system: 'epsg' })).toBeUndefined();
  expect(settingOf({ ...EMPTY_SETTING, system: 'epsg', epsg: 4490 })).toBeUndefined();
});

it('what was left empty is not sent', () => {
  expect(settingOf({ ...EMPTY_SETTING, system: 'gcj02' })).toEqual({ system: 'gcj02', existing: 'refuse' });
  const setting = {
    ...EMPTY_SETTING,
    system: 'epsg',
    epsg: 4549,
    existing: 'replace' as const,
    columns: { lon: ' X ', code: '' },
  };
  expect(settingOf(setting)).toEqual({ system: 'EPSG:4549', existing: 'replace', lon: 'X' });
});
