import { expect, it } from 'vitest';
import { labelsOf } from './labels.ts';

it('reads labels as they are typed, by the city’s clock', () => {
  const { labels, faults } = labelsOf(
    [
      '# known floods',
      'JS-001, 2026-11-20 08:00, 2026-11-20 09:30',
      '',
      'JS-002，2026/11/21 8:05\t2026-11-21 09:00, 2026-11-21 08:40',
      'JS-003, 2026-11-20T00:00:00Z, 2026-11-20T01:00:00Z',
    ].join('\n'),
  );
  expect(faults).toEqual([]);
  expect(labels).toEqual([
    { device: 'JS-001', from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T01:30:00.000Z' },
    {
      device: 'JS-002',
      from: '2026-11-21T00:05:00.000Z',
      to: '2026-11-21T01:00:00.000Z',
      event: '2026-11-21T00:40:00.000Z',
    },
    { device: 'JS-003', from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T01:00:00.000Z' },
  ]);
});

it('names each line that is wrong', () => {
  const { faults } = labelsOf(
    'JS-001\nA, yesterday, 2026-11-20 09:30\nA, 2026-11-20 09:30, 2026-11-20 08:00\nA, 2026-13-41 09:30, 2026-11-20 08:00',
  );
  expect(faults).toEqual([
    { line: 1, what: 'parts' },
    { line: 2, what: 'time' },
    { line: 3, what: 'order' },
    { line: 4, what: 'time' },
  ]);
});
