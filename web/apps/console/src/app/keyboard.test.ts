import { describe, expect, it } from 'vitest';
import { intentOf, type Stroke } from './keyboard.ts';

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  isTyping: false,
  ...more,
});

describe('keys of the workbench', () => {
  it.each([
    ['j', 'next'],
    ['J', 'next'],
    ['k', 'previous'],
    ['Enter', 'open'],
    ['s', 'sign'],
    ['a', 'assign'],
    ['c', 'note'],
    ['l', 'map'],
    ['x', 'return'],
    ['?', 'help'],
    ['/', 'filter'],
  ])('%s → %s', (key, intent) => expect(intentOf(stroke(key))?.do).toBe(intent));

  it('filters by grade with 1 to 5', () => {
    expect(['1', '2', '3', '4', '5'].map((key) => intentOf(stroke(key)))).toEqual(
      ['i', 'ii', 'iii', 'iv', 'v'].map((grade) => ({ do: 'grade', grade })),
    );
  });

  it('is silent while typing or composing, except for the palette', () => {
    expect(intentOf(stroke('j', { isTyping: true }))).toBeUndefined();
    expect(intentOf(stroke('j', { isComposing: true }))).toBeUndefined();
    expect(intentOf(stroke('k', { ctrlKey: true, isTyping: true }))).toEqual({ do: 'palette' });
    expect(intentOf(stroke('k', { metaKey: true }))).toEqual({ do: 'palette' });
    expect(intentOf(stroke('s', { ctrlKey: true }))).toBeUndefined();
  });
});
