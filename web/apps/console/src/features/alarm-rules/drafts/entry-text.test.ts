import { expect, it } from 'vitest';
import { formatOf, readEntry, writeEntry } from './entry-text.ts';

const yaml = `profile: ponding-gauge
rule:
  id: ponding
  levels:
    - severity: III
      when: "depth >= slov"
`;

it('reads YAML and JSON alike and writes both', () => {
  const { entry } = readEntry(yaml);
  expect(entry).toMatchObject({ profile: 'ponding-gauge', rule: { levels: [{ when: 'depth >= slov' }] } });
  for (const format of ['yaml', 'json'] as const) {
    const text = writeEntry(entry ?? {}, format);
    expect(formatOf(text)).toBe(format);
    expect(readEntry(text).entry).toEqual(entry);
  }
});

it('says where that which was found stands', () => {
  const { placeOf } = readEntry(yaml);
  expect(placeOf('/profile')).toMatchObject({ line: 1, column: 10 });
  const place = placeOf('/rule/levels/0/when', { line: 1, column: 10, length: 4 });
  expect(place).toMatchObject({ line: 6, column: 23 });
  expect(yaml.slice(place?.offset, (place?.offset ?? 0) + 4)).toBe('slov');
  // What is missing is missed where it should stand.
  expect(placeOf('/rule/name')).toMatchObject({ line: 3 });
  expect(readEntry(writeEntry(readEntry(yaml).entry ?? {}, 'json')).placeOf('/rule/id')?.line).toBe(4);
});

it('says what cannot be read, with its place', () => {
  const { entry, faults } = readEntry('profile: "x\nrule: [');
  expect(entry).toBeUndefined();
  expect(faults[0]?.line).toBeGreaterThan(0);
  expect(readEntry('- a').entry).toBeUndefined();
  expect(readEntry('').faults).toHaveLength(1);
  expect(readEntry('{"profile": }').entry).toEqual({ profile: null });
});
