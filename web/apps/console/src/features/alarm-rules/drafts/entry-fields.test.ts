import { expect, it } from 'vitest';
import { at, boundOf, listAt, put, renamed, textAt } from './entry-fields.ts';

const entry = {
  profile: 'rain',
  rule: { id: 'r', levels: [{ severity: 'III', when: 'rain > 1' }], clear: { below: 'low' } },
  grouping: { members: 5 },
};

it('changes one thing and leaves the rest', () => {
  const next = put(entry, ['rule', 'levels', 0, 'for'], '5m');
  expect(next).toEqual({
    ...entry,
    rule: { ...entry.rule, levels: [{ severity: 'III', when: 'rain > 1', for: '5m' }] },
  });
  expect(entry.rule.levels[0]).not.toHaveProperty('for');
  expect(put({}, ['rule', 'name', 'zh'], '雨')).toEqual({ rule: { name: { zh: '雨' } } });
});

it('takes out what is emptied, with the part that held nothing else', () => {
  expect(put(entry, ['rule', 'clear', 'below'], undefined)).not.toHaveProperty('rule.clear');
  expect(put({ source: { zh: '自拟' } }, ['source', 'zh'], undefined)).toEqual({});
  expect(listAt(put(entry, ['rule', 'levels', 0], undefined), ['rule', 'levels'])).toEqual([]);
});

it('reads whatever stands there', () => {
  expect(at({ rule: 'text' }, ['rule', 'levels', 0])).toBeUndefined();
  expect(textAt(entry, ['rule', 'clear', 'below'])).toBe('low');
  expect(textAt(entry, ['rule'])).toBe('');
});

it('tells numbers from names', () => {
  expect([boundOf(' 0.5 '), boundOf('slow'), boundOf(' ')]).toEqual([0.5, 'slow', undefined]);
  expect(renamed({ a: 1, b: 2 }, 'a', 'c')).toEqual({ c: 1, b: 2 });
  expect(renamed({ a: 1, b: 2 }, 'a', 'b')).toEqual({ a: 1, b: 2 });
});
