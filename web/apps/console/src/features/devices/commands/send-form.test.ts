import type { ProfileCommand } from '@yiwang/api/types/device-command.ts';
import { describe, expect, it } from 'vitest';
import { numberFault, readNumber, sendBody, withinFault } from './send-form.ts';

const OPEN: ProfileCommand = {
  code: 'open',
  name: { zh: '开闸' },
  parameters: [
    { code: 'height', name: { zh: '开度' }, min: 0, max: 2 },
    { code: 'speed', name: { zh: '速度' }, min: 0.1 },
  ],
};

describe('a number that somebody types', () => {
  it.each([
    ['60', 60],
    [' 1.5 ', 1.5],
    ['-3', -3],
    ['−3', -3],
    ['+.5', 0.5],
    ['６０．５', 60.5],
    ['1e3', undefined],
    ['12a', undefined],
    ['0x10', undefined],
    ['1,000', undefined],
    ['Infinity', undefined],
    ['', undefined],
  ])('%j is %s', (text, value) => expect(readNumber(text)).toBe(value));
});

describe('a parameter', () => {
  const height = { min: 0, max: 2 };
  it.each([
    ['0', undefined],
    ['2', undefined],
    ['', 'missing'],
    ['  ', 'missing'],
    ['two', 'not_a_number'],
    ['2.001', 'out_of_range'],
    ['-0.1', 'out_of_range'],
  ])('%j has the fault %s', (text, fault) => expect(numberFault(height, text)).toBe(fault));

  it('may be open on a side', () => {
    expect(numberFault({ min: 5 }, '1000000')).toBeUndefined();
    expect(numberFault({ max: 5 }, '-1000000')).toBeUndefined();
    expect(numberFault({ min: null, max: null }, '7')).toBeUndefined();
    expect(numberFault({ min: 5 }, '4')).toBe('out_of_range');
  });
});

describe('what is sent', () => {
  it('has every parameter as a number', () => {
    const values = { parameters: { height: '1.50', speed: '１' }, within: '60' };
    expect(sendBody(OPEN, values)).toEqual({
      command: 'open',
      parameters: { height: 1.5, speed: 1 },
      answer_within_seconds: 60,
    });
  });

  it('is nothing while something is wrong', () => {
    expect(sendBody(OPEN, { parameters: { height: '1' }, within: '60' })).toBeUndefined();
    expect(sendBody(OPEN, { parameters: { height: '3', speed: '1' }, within: '60' })).toBeUndefined();
    expect(sendBody(OPEN, { parameters: { height: '1', speed: '1' }, within: '0' })).toBeUndefined();
  });

  it('needs no parameters where the profile names none', () => {
    const reset = { code: 'reset', name: { zh: '复位' } };
    expect(sendBody(reset, { within: '5' })?.parameters).toEqual({});
  });

  it.each([
    ['1', undefined],
    ['86400', undefined],
    ['86401', 'out_of_range'],
    ['0', 'out_of_range'],
    ['1.5', 'not_whole'],
    ['soon', 'not_a_number'],
  ])('waits %j seconds: fault %s', (text, fault) => expect(withinFault(text)).toBe(fault));
});
