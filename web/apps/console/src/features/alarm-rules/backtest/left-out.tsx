import type { BacktestAnswer, BacktestLeftOut } from '@yiwang/api/types/alarm-rule.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';

/** What was not looked at or is not shown, in words; nothing where all was. */
export function LeftOut({ answer }: { answer: BacktestAnswer }) {
  const t = useT();
  const known = useKnown();
  if (answer.left_out.length === 0) return null;
  const words = ({ what, number, limit }: BacktestLeftOut) => {
    const named = known('rules.leftOut', what);
    const values = { number: number ?? '', limit: limit ?? '', to: fullTime(answer.to) };
    return named === what ? `${what} ${number ?? ''} ${limit ?? ''}` : t(`rules.leftOut.${what}`, values);
  };
  return (
    <Alert
      type="warning"
      showIcon
      title={t('rules.leftOut.title')}
      description={answer.left_out.map((one) => <div key={one.what}>{words(one)}</div>)}
    />
  );
}
