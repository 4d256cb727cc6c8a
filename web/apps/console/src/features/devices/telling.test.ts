import { expect, it } from 'vitest';
import { deviceQueryOf, listOf } from './device-query.ts';
import { lagWords, telling, tellingOnly, valueWords } from './telling.ts';

it('puts what says something about the city first', () => {
  const codes = ['lon', 'lat', 'speed', 'battery'].map((property) => ({ property }));
  expect(telling(codes).map((one) => one.property)).toEqual(['speed', 'lon', 'lat', 'battery']);
  expect(tellingOnly(codes).map((one) => one.property)).toEqual(['speed']);
  expect(tellingOnly(codes.slice(0, 2))).toHaveLength(2);
});

it('says values and lags', () => {
  expect(valueWords({ value: 3.4821, unit: 'm' })).toBe('3.48 m');
  expect(valueWords({ value: 0 })).toBe('0');
  expect(valueWords({ text: 'loop 3' })).toBe('loop 3');
  expect(valueWords({})).toBe('—');
  expect(valueWords({ property: 'lon', value: 120.2634541, unit: '°' })).toBe('120.26345 °');
  expect([null, 0.04, -0.27, 42, 600, 90_000].map(lagWords)).toEqual([
    '—',
    '0 s',
    '−0.3 s',
    '42 s',
    '10 min',
    '25 h',
  ]);
});

it('reads several choices from the address', () => {
  expect(listOf(undefined)).toEqual([]);
  expect(deviceQueryOf({ hearing: 'silent,offline', q: 'x' })).toMatchObject({
    q: 'x',
    hearing: ['silent', 'offline'],
    profile: [],
  });
});
