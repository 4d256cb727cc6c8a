import type { CaseFlowGroup } from '@yiwang/api/types/incident.ts';
import { expect, it } from 'vitest';
import { type FlowWords, flowOf } from './flow.ts';

const group = (source: string, lead: string, status: string, count = 1) =>
  ({ source, lead: { id: lead, name: { zh: lead } }, status, count, query: {} }) as CaseFlowGroup;

const words: FlowWords = {
  source: (code) => code,
  lead: ({ lead }) => ({ id: `lead:${lead?.id}`, name: String(lead?.id) }),
  state: ({ status }) => ({ id: `state:${status}`, name: status }),
  rest: 'rest',
};

it('counts cases on their way', () => {
  const flow = flowOf(
    [group('grid', 'a', 'closed', 4), group('grid', 'a', 'handling'), group('hotline', 'b', 'closed')],
    words,
  );
  expect(flow.links).toContainEqual({ from: 'source:grid', to: 'lead:a', value: 5 });
  expect(flow.links).toContainEqual({ from: 'lead:b', to: 'state:closed', value: 1 });
  expect(flow.nodes.filter((node) => node.column === 1)).toHaveLength(2);
});

it('puts what is many and small together', () => {
  const groups = Array.from({ length: 20 }, (_, index) => group('grid', `unit${index}`, 'closed'));
  const flow = flowOf([...groups, group('grid', 'unit0', 'closed')], words);
  const leads = flow.nodes.filter((node) => node.column === 1);
  expect(leads).toHaveLength(7);
  expect(leads.some((node) => node.id === 'rest:1')).toBe(true);
  expect(flow.links.reduce((sum, link) => sum + (link.from.startsWith('source') ? link.value : 0), 0)).toBe(
    21,
  );
});
