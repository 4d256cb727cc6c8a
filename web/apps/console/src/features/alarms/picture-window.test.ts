import { expect, it } from 'vitest';
import { pictureWindow } from './picture-window.ts';

const at = (time: string) => Date.parse(`2026-11-26T${time}:00Z`);
const alarm = (ended?: string) => ({
  began_at: '2026-11-26T01:00:30Z',
  opened_at: '2026-11-26T01:02:00Z',
  ended_at: ended ?? null,
});

it('shows the hour before and what came after', () => {
  expect(pictureWindow(alarm(), at('01:30'))).toEqual({ from: at('00:00'), to: at('01:31') });
  expect(pictureWindow(alarm('2026-11-26T02:00:00Z'), at('09:00')).to).toBe(at('02:30'));
});

it('ends a day after the beginning', () => {
  expect(pictureWindow(alarm(), at('01:00') + 72 * 3_600_000).to).toBe(at('01:00') + 24 * 3_600_000);
});
