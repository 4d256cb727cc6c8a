import { useQuery } from '@tanstack/react-query';
import { alarmRulesQuery } from '@yiwang/api/alerting-api.ts';
import type { Alarm } from '@yiwang/api/types/alerting.ts';
import { useText } from '@yiwang/i18n/i18n.ts';

/** The rule's name in the reader's language; as it was when it raised the alarm where it is in force no longer. */
export function useRuleName(): (alarm: Alarm) => string {
  const text = useText();
  const { data = [] } = useQuery(alarmRulesQuery);
  return (alarm) => {
    const found = data.find((one) => one.rule.id === alarm.rule);
    const own = text(found?.rule.name) || alarm.rule_name;
    // A storm may have a name of its own, which is not that of the rule.
    if (alarm.kind !== 'storm' || found?.rule.name.zh === alarm.rule_name) return own;
    return text(found?.grouping?.name) || alarm.rule_name;
  };
}
