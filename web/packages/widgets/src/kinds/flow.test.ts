import type { IncidentRow } from '@yiwang/api/types/incident.ts';
import { expect, it } from 'vitest';
import { type FlowWords, flowOf } from './flow.ts';

const row = (source: string, lead: string, status: string) =>
  ({ source, lead: { id: lead, name: { zh: lead } }, status }) as unknown as IncidentRow;

const words: FlowWords = {
  source: (code) => code,
  lead: ({ lead }) => ({ id: `lead:${lead?.id}`, name: String(lead?.id) }),
  state: ({ status }) => ({ id: `state:${status}`, name: status }),
  rest: 'rest',
};

it('counts cases on their way', () => {
  const flow = flowOf(
    [row('grid', 'a', 'closed'), row('grid', 'a', 'handling'), row('hotline', 'b', 'closed')],
    words,
  );
  expect(flow.links).toContainEqual({ from: 'source:grid', to: 'lead:a', value: 2 });
  expect(flow.links).toContainEqual({ from: 'lead:b', to: 'state:closed', value: 1 });
  expect(flow.nodes.filter((node) => node.column === 1)).toHaveLength(2);
});

it('puts what is many and small together', () => {
  const rows = Array.from({ length: 20 }, (_, index) => row('grid', `unit${index}`, 'closed'));
  const flow = flowOf([...rows, row('grid', 'unit0', 'closed')], words);
  const leads = flow.nodes.filter((node) => node.column === 1);
  expect(leads).toHaveLength(7);
  expect(leads.some((node) => node.id === 'rest:1')).toBe(true);
  expect(flow.links.reduce((sum, link) => sum + (link.from.startsWith('source') ? link.value : 0), 0)).toBe(
    21,
  );
});
