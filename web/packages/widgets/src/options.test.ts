import { expect, it } from 'vitest';
import { faultsOf, isKind, KINDS } from './options.ts';

it('takes what the contract allows', () => {
  expect(faultsOf('kpi', { indicators: ['G01', 'G06'], area: '320281' })).toEqual([]);
  expect(faultsOf('clock', {})).toEqual([]);
  expect(faultsOf('map', { layers: [], cases: true, center: { lon: 120.3, lat: 31.9 }, zoom: 10.5 })).toEqual(
    [],
  );
  expect(faultsOf('ticker', { of: ['alarms', 'cases'], severity_at_least: 2 })).toEqual([]);
});

it('names each option that is wrong', () => {
  expect(faultsOf('kpi', {})).toEqual([{ field: 'indicators', fault: 'missing' }]);
  expect(faultsOf('kpi', { indicators: [] })).toEqual([{ field: 'indicators', fault: 'malformed' }]);
  expect(faultsOf('line', { indicator: 'G01', hours: 9_000 })).toEqual([
    { field: 'hours', fault: 'malformed' },
  ]);
  expect(faultsOf('pie', { of: 'cases', by: 'weather' })).toEqual([{ field: 'by', fault: 'malformed' }]);
  expect(faultsOf('clock', { html: '<b>' })).toEqual([{ field: 'html', fault: 'unknown' }]);
  expect(faultsOf('text', { body: { en: 'only' } })).toEqual([{ field: 'body', fault: 'malformed' }]);
});

it('knows its kinds', () => {
  expect(Object.keys(KINDS)).toHaveLength(18);
  expect(isKind('kpi')).toBe(true);
  expect(isKind('hologram')).toBe(false);
});
