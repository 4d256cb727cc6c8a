import { expect, it } from 'vitest';
import { accountOf, totalAccount } from './account.ts';

const counts = {
  received: 12,
  stored: 7,
  duplicate: 1,
  late: 2,
  refused: { not_let_in: 1, malformed: 1 },
  shed: { busy: 1 },
};

it('accounts for everything that came in, and for what still waits', () => {
  expect(accountOf(counts, 1)).toMatchObject({ refused: 2, shed: 1, off: 0 });
  expect(accountOf(counts).off).toBe(1);
  expect(totalAccount([accountOf(counts, 1), accountOf(counts)])).toMatchObject({ received: 24, off: 1 });
});
