import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import type { Account } from './account.ts';

/** Whether the books are right; the whole equation on hover. */
export function BalanceChip({ account }: { account: Account }) {
  const t = useT();
  const equation = t('sensing.counts.equation', { ...account });
  const waiting = account.waiting ? t('sensing.counts.withWaiting', { waiting: account.waiting }) : '';
  return (
    <Chip tone={account.off === 0 ? 'green' : 'red'} title={equation + waiting}>
      {account.off === 0 ? t('sensing.counts.balanced') : t('sensing.counts.off', { count: account.off })}
    </Chip>
  );
}
