import { Link } from '@tanstack/react-router';
import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { withdrawable } from './rule-status.ts';
import { useNewDraft } from './use-new-draft.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';

/** What may be done with a rule: a draft from it, a run over history, taking it back. */
export function RuleActs({ versions, shown }: { versions: AlarmRule[]; shown: AlarmRule }) {
  const t = useT();
  const { can } = useSigned();
  const now = useNow();
  const [, setSearch] = useSearchParams();
  const begin = useNewDraft();
  const [isWithdrawing, setWithdrawing] = useState(false);
  const [code, version] = [shown.rule.id, shown.rule.version ?? 1];
  const own = withdrawable(versions, now);
  const mayTry = can('alerting.edit') || can('alerting.publish');
  return (
    <div className="toolbar rule-acts">
      {can('alerting.edit') && (
        <Button
          type="primary"
          loading={begin.isPending}
          onClick={() => begin.mutate({ from: code, version })}
        >
          {t('rules.draft.fromRule')}
        </Button>
      )}
      {mayTry && (
        <Button onClick={() => setSearch({ tab: 'backtest', rule: code, version: String(version) })}>
          {t('rules.backtest.title')}
        </Button>
      )}
      <Link to="/alarms" search={{ tab: 'feedback', rule: code }}>
        {t('rules.feedback')}
      </Link>
      <span className="page-gap" />
      {own && can('alerting.publish') && (
        <Button danger onClick={() => setWithdrawing(true)}>
          {t('rules.withdraw.do')}
        </Button>
      )}
      {own && isWithdrawing && <WithdrawDialog rule={own} onClose={() => setWithdrawing(false)} />}
    </div>
  );
}
