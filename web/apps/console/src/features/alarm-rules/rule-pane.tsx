import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmRuleQuery } from '@yiwang/api/alerting-api.ts';
import type { AlarmRule } from '@yiwang/api/types/alerting.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { Levels } from './levels.tsx';
import { Params } from './params.tsx';
import { Precision, useProfileName, Verified } from './rule-table.tsx';
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
              <Body rule={shown} />
              <Versions versions={all} shown={shown} />
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

function Versions({ versions, shown }: { versions: AlarmRule[]; shown: AlarmRule }) {
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
            {one.is_current && <Chip tone="green">{t('alerting.rules.current')}</Chip>}
            <span className="yw-dim">
              {t('alerting.rules.alarms')} {one.alarms}
            </span>
          </li>
        ))}
      </ul>
    </SideSection>
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
