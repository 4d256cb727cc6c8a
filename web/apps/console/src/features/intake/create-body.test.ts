import { expect, it } from 'vitest';
import { createBody, titleOf } from './create-body.ts';

it('takes the first sentence for a title', () => {
  expect(titleOf('滨江路路灯不亮。已经三天了')).toBe('滨江路路灯不亮');
  expect(titleOf('  a\nb')).toBe('a');
  expect(titleOf('长'.repeat(60))).toHaveLength(40);
});

it('sends nothing that was left empty', () => {
  expect(
    createBody({ description: ' 井盖缺失 ', source: 'hotline', title: ' ', phone: '' }, undefined),
  ).toEqual({
    source: 'hotline',
    title: '井盖缺失',
    description: '井盖缺失',
  });
});

it('sends place, time by the clock of the city, and the reporter', () => {
  const values = {
    description: 'x',
    source: 'grid' as const,
    occurred_at: '2026-11-23T08:00',
    phone: '13800000000',
    secret: true,
    desk: true,
  };
  expect(createBody(values, { lon: 120.28, lat: 31.9 })).toMatchObject({
    position: { lon: 120.28, lat: 31.9 },
    occurred_at: '2026-11-23T00:00:00.000Z',
    reporter: { phone: '13800000000', secret: true },
    desk: true,
  });
});
