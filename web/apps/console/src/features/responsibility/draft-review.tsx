import { useQuery } from '@tanstack/react-query';
import { draftCheckQuery, draftDiffQuery } from '@yiwang/api/catalog-api.ts';
import type { ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { CheckResult } from './faults.tsx';
import { type Names, useNames } from './use-names.ts';

const words = (rule: ResponsibilityRule, names: Names) =>
  [
    rule.items.map(names.item).join('、'),
    rule.areas.map(names.area).join('、'),
    [rule.lead, ...(rule.assistants ?? [])].map(names.org).join(' + '),
    rule.basis?.zh,
  ]
    .filter(Boolean)
    .join(' · ');

export function DraftDiff({ id }: { id: string }) {
  const t = useT();
  const names = useNames();
  const query = useQuery(draftDiffQuery(id));
  return (
    <Loaded query={query}>
      {({ added, removed, changed }) => (
        <div>
          {added.length + removed.length + changed.length === 0 && <Empty text={t('catalog.responsibility.same')} />}
          {added.map((rule) => (
            <div key={rule.id} className="rule-diff">
              <Chip tone="green">{t('catalog.responsibility.added')}</Chip>
              <span>
                <span className="yw-mono">{rule.id}</span> <ins>{words(rule, names)}</ins>
              </span>
            </div>
          ))}
          {removed.map((rule) => (
            <div key={rule.id} className="rule-diff">
              <Chip tone="red">{t('catalog.responsibility.removed')}</Chip>
              <span>
                <span className="yw-mono">{rule.id}</span> <del>{words(rule, names)}</del>
              </span>
            </div>
          ))}
          {changed.map(({ before, after }) => (
            <div key={after.id} className="rule-diff">
              <Chip tone="yellow">{t('catalog.responsibility.changed')}</Chip>
              <span>
                <span className="yw-mono">{after.id}</span>
                <br />
                <del>{words(before, names)}</del>
                <br />
                <ins>{words(after, names)}</ins>
              </span>
            </div>
          ))}
        </div>
      )}
    </Loaded>
  );
}

export function DraftCheck({ id }: { id: string }) {
  const query = useQuery(draftCheckQuery(id));
  return (
    <div className="tab-body">
      <Loaded query={query}>{(check) => <CheckResult check={check} />}</Loaded>
    </div>
  );
}
