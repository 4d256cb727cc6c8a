import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmRuleQuery } from '@yiwang/api/alerting-api.ts';
import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { Levels } from './levels.tsx';
import { Params } from './params.tsx';
import { RuleActs } from './rule-acts.tsx';
import { Precision, useProfileName, Verified } from './rule-table.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { StatusChips } from './status-chips.tsx';
import { useRuleFacts } from './use-rule-facts.ts';

/** One rule in words, as written, with its parameters and its versions. */
export function RulePane({ code, onClose }: { code: string; onClose: () => void }) {
  const t = useT();
  const text = useText();
  const [search] = useSearchParams();
  const query = useQuery(alarmRuleQuery(code));
  const versions = query.data ?? [];
  const shown =
    versions.find((one) => String(one.rule.version) === search.version) ??
    versions.find((one) => one.is_current) ??
    versions[0];
  return (
    <SidePane
      label={t('shell.common.detail')}
      onClose={onClose}
      title={shown ? text(shown.rule.name) : code}
      note={
        shown && (
          <>
            <span className="yw-mono">{code}</span>
            <span>{t('alerting.detail.ruleVersion', { version: shown.rule.version ?? 1 })}</span>
            <StatusChips rule={shown} />
            <Verified rule={shown} />
            <Link to="/alarms" search={{ phase: 'all', rule: code }}>
              {t('alerting.rules.seeAlarms')}
            </Link>
          </>
        )
      }
    >
      <Loaded query={query}>
        {(all) =>
          shown && (
            <>
              <RuleActs versions={all} shown={shown} />
              <Body rule={shown} />
              <RuleVersions versions={all} shown={shown} />
              <AsWritten rule={shown} />
            </>
          )
        }
      </Loaded>
    </SidePane>
  );
}

function Body({ rule }: { rule: AlarmRule }) {
  const t = useT();
  const profileName = useProfileName();
  const facts = useRuleFacts(rule);
  const word = (key: string) => t(`alerting.rules.${key}`);
  return (
    <>
      <SideSection title={word('levels')}>
        <Levels rule={rule} withText />
      </SideSection>
      <SideSection title={t('shell.common.detail')}>
        <Facts
          rows={[
            { label: word('profile'), value: profileName(rule.profile) },
            {
              label: word('precision'),
              value: <Precision rule={rule} />,
            },
            ...facts,
          ]}
        />
      </SideSection>
      <SideSection title={word('params')}>
        <Params rule={rule} />
      </SideSection>
    </>
  );
}

function AsWritten({ rule }: { rule: AlarmRule }) {
  const t = useT();
  return (
    <SideSection title={t('alerting.rules.text')}>
      <details>
        <summary>{rule.rule.id}</summary>
        <pre className="rule-text yw-mono">
          {JSON.stringify(
            {
              profile: rule.profile,
              rule: rule.rule,
              scope: rule.scope,
              case: rule.case,
              grouping: rule.grouping,
              explained_by: rule.explained_by,
              chatter: rule.chatter,
              unattended: rule.unattended,
              source: rule.source,
            },
            undefined,
            2,
          )}
        </pre>
      </details>
    </SideSection>
  );
}
