import { describe, expect, it } from 'vitest';
import { en, zh } from './resources.ts';

function leaves(tree: object, path = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') out.set(at, value);
    else for (const [inner, text] of leaves(value as object, at)) out.set(inner, text);
  }
  return out;
}

const chinese = leaves(zh);
const english = leaves(en);
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe('zh-CN and en', () => {
  it('have the same keys', () => expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort()));

  it('leave nothing empty', () => {
    expect([...chinese, ...english].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fill in the same values', () => {
    const odd = [...chinese].filter(([key, text]) => {
      const given = slots(text);
      return slots(english.get(key) ?? '').some((slot) => !given.includes(slot));
    });
    expect(odd).toEqual([]);
  });

  it('are in the language they say', () => {
    const han = /\p{Script=Han}/u;
    expect([...english].filter(([key, text]) => han.test(text) && key !== 'shell.language')).toEqual([]);
  });
});
