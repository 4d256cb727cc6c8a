import { useQuery } from '@tanstack/react-query';
import { alarmRuleQuery } from '@yiwang/api/alerting-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Button } from '@yiwang/ui/controls.ts';
import { LeftOutlined } from '@yiwang/ui/icons.ts';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { Backtest } from './backtest.tsx';

/** A rule as it was published, run over history. */
export default function RuleBacktest() {
  const t = useT();
  const [search] = useSearchParams();
  return search.rule ? <OfRule code={search.rule} /> : <Empty text={t('alerting.rules.pick')} />;
}

function OfRule({ code }: { code: string }) {
  const t = useT();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(alarmRuleQuery(code));
  return (
    <Loaded query={query}>
      {(versions) => {
        const asked = versions.find((one) => String(one.rule.version ?? 1) === search.version);
        const rule = asked ?? versions.find((one) => one.is_current) ?? versions[0];
        if (!rule) return <Empty text={t('alerting.rules.none')} />;
        const version = rule.rule.version ?? 1;
        return (
          <section className="draft-editor" aria-label={t('rules.backtest.title')}>
            <div className="toolbar">
              <Button icon={<LeftOutlined />} onClick={() => setSearch({ tab: undefined })}>
                {t('rules.draft.back')}
              </Button>
              <strong>{text(rule.rule.name)}</strong>
              <span className="yw-mono">{code}</span>
              <span>{t('alerting.detail.ruleVersion', { version })}</span>
            </div>
            <Backtest
              subject={{ rule: code, version }}
              profile={rule.profile}
              entry={{ rule: rule.rule as unknown as Record<string, unknown> }}
            />
          </section>
        );
      }}
    </Loaded>
  );
}
