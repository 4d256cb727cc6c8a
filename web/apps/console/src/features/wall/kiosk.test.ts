import { expect, it } from 'vitest';
import { isNightly, kioskOf, nextOf, rotationOf } from './kiosk.ts';

it('reads the address', () => {
  expect(kioskOf({ kiosk: '1', rotate: '30', screens: 'a,b' })).toEqual({
    isOn: true,
    rotate: 30,
    screens: ['a', 'b'],
  });
  expect(kioskOf({})).toEqual({ isOn: false, rotate: undefined, screens: [] });
  expect(kioskOf({ kiosk: '1', rotate: '1' }).rotate).toBe(5);
  expect(kioskOf({ kiosk: '1', rotate: 'soon' }).rotate).toBeUndefined();
});

it('goes round through the screens that there are', () => {
  expect(rotationOf(['a', 'gone', 'b'], ['b', 'a', 'c'])).toEqual(['a', 'b']);
  expect(rotationOf(['gone'], ['b', 'a'])).toEqual(['b', 'a']);
  expect(nextOf(['a', 'b'], 'a')).toBe('b');
  expect(nextOf(['a', 'b'], 'b')).toBe('a');
  expect(nextOf(['a', 'b'], 'elsewhere')).toBe('a');
  expect(nextOf([], 'a')).toBeUndefined();
});

it('loads anew at four in the morning, once', () => {
  const at = (time: string) => Date.parse(`2026-11-26T${time}+08:00`);
  expect(isNightly(at('04:10:00'), at('04:10:00') - 86_400_000)).toBe(true);
  expect(isNightly(at('04:20:00'), at('04:10:00'))).toBe(false);
  expect(isNightly(at('13:00:00'), at('13:00:00') - 86_400_000)).toBe(false);
});
