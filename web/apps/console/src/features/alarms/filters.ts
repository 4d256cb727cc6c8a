import type { Query } from '@yiwang/api/client.ts';
import { SEVERITIES, type Severity } from '@yiwang/api/types/alerting.ts';

type Search = Record<string, string | undefined>;

export const PHASES = ['open', 'ended', 'all'] as const;
export type Phase = (typeof PHASES)[number];

export const KINDS = ['single', 'storm', 'agreement'] as const;

/** What of the page is looked at. */
export const TABS = ['alarms', 'windows', 'shelves', 'feedback'] as const;
export type Tab = (typeof TABS)[number];

export const tabOf = (search: Search): Tab => TABS.find((one) => one === search.tab) ?? 'alarms';

export const phaseOf = (search: Search): Phase => PHASES.find((one) => one === search.phase) ?? 'open';

export const severityOf = (search: Search): Severity | undefined =>
  SEVERITIES.find((one) => one === search.severity);

const yesNo = (word: string | undefined) => (word === 'yes' ? true : word === 'no' ? false : undefined);

/** What the address asks for, as the server takes it. */
export function alarmQueryOf(search: Search): Query {
  const phase = phaseOf(search);
  return {
    q: search.q,
    open: phase === 'all' ? undefined : phase === 'open',
    severity: severityOf(search),
    acknowledged: yesNo(search.acknowledged),
    shelved: yesNo(search.shelved),
    suppressed: yesNo(search.suppressed),
    kind: KINDS.find((one) => one === search.kind),
    device: search.device,
    rule: search.rule,
  };
}
