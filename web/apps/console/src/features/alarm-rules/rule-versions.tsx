import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SideSection } from '../../parts/side-pane.tsx';
import { StatusChips } from './status-chips.tsx';

/** All versions, the newest first: from when, by whom, why, and what became of each. */
export function RuleVersions({ versions, shown }: { versions: AlarmRule[]; shown: AlarmRule }) {
  const t = useT();
  const [, setSearch] = useSearchParams();
  return (
    <SideSection title={t('alerting.rules.versions')}>
      <ul className="rule-versions">
        {versions.map((one) => (
          <li key={one.rule.version ?? 1}>
            <button
              type="button"
              className="link-button"
              aria-pressed={one === shown}
              onClick={() => setSearch({ version: String(one.rule.version ?? 1) }, { replace: true })}
            >
              {t('alerting.detail.ruleVersion', { version: one.rule.version ?? 1 })}
            </button>
            <span className="yw-dim">
              {dayTime(one.published_at)} {one.published_by}
            </span>
            <StatusChips rule={one} />
            {one.note && <span className="rule-note">{t('rules.status.note', { note: one.note })}</span>}
            {one.withdrawn_at && (
              <span className="rule-note yw-dim">
                {t('rules.status.withdrawnBy', {
                  name: one.withdrawn_by ?? '',
                  time: dayTime(one.withdrawn_at),
                })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </SideSection>
  );
}
