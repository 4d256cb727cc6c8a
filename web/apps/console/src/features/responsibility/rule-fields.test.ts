import type { ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { expect, it } from 'vitest';
import { codes, fieldsOf, ruleOf } from './rule-fields.ts';

const rule: ResponsibilityRule = {
  id: 'R-05',
  items: ['05', '06.01'],
  areas: ['320281'],
  lead: 'cgj',
  assistants: ['@town'],
  supervisor: 'coc',
  basis: { zh: '依据', en: 'basis' },
  valid_from: '2026-01-01',
  fallback: false,
};

it('is the same rule after a form that changed nothing', () => {
  expect(ruleOf(fieldsOf(rule), rule)).toEqual(rule);
});

it('drops what was emptied and an English basis that no longer fits', () => {
  const next = ruleOf({ ...fieldsOf(rule), supervisor: ' ', basis: '新依据', valid_from: '' }, rule);
  expect(next).not.toHaveProperty('supervisor');
  expect(next).not.toHaveProperty('valid_from');
  expect(next.basis).toEqual({ zh: '新依据' });
});

it('reads codes however they are parted', () => {
  expect(codes('05，06.01、 @town;x\n y')).toEqual(['05', '06.01', '@town', 'x', 'y']);
});
