import { useQuery } from '@tanstack/react-query';
import { draftCheckQuery, draftDiffQuery } from '@yiwang/api/catalog-api.ts';
import type { ResponsibilityDiff, ResponsibilityRule } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { CheckResult, OpenedList } from './faults.tsx';
import { type Names, useNames } from './use-names.ts';

const words = (rule: ResponsibilityRule, names: Names) =>
  [
    rule.items.map(names.item).join('、'),
    rule.areas.map(names.area).join('、'),
    [rule.lead, ...(rule.assistants ?? [])].map(names.org).join(' + '),
    rule.basis.zh,
  ]
    .filter(Boolean)
    .join(' · ');

export function DraftDiff({ id }: { id: string }) {
  const query = useQuery(draftDiffQuery(id));
  return <Loaded query={query}>{(diff) => <Diff diff={diff} />}</Loaded>;
}

const TONES = { added: 'green', removed: 'red', changed: 'yellow' } as const;

function Diff({ diff }: { diff: ResponsibilityDiff }) {
  const t = useT();
  const text = useText();
  const names = useNames();
  if (diff.changes.length === 0) return <Empty text={t('catalog.responsibility.same')} />;
  return (
    <div className="tab-body">
      <div>
        {diff.changes.map((change) => (
          <div key={change.id} className="rule-diff">
            <Chip tone={TONES[change.kind]}>{t(`catalog.responsibility.${change.kind}`)}</Chip>
            <span>
              <span className="yw-mono">{change.id}</span>
              {change.before && (
                <div>
                  <del>{words(change.before, names)}</del>
                </div>
              )}
              {change.after && (
                <div>
                  <ins>{words(change.after, names)}</ins>
                </div>
              )}
            </span>
          </div>
        ))}
      </div>
      <strong>
        {t('catalog.responsibility.moved', { count: diff.changed_pairs.toLocaleString('en-US') })}
      </strong>
      <ul className="check-list">
        {diff.leads.map((lead) => (
          <li key={`${lead.item}|${lead.area}|${lead.after?.code}`}>
            {text(lead.item_name)} · {text(lead.area_name)}：{text(lead.before?.name) || '—'} →{' '}
            {text(lead.after?.name) || '—'} <span className="yw-dim">{lead.count}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function DraftCheck({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(draftCheckQuery(id));
  return (
    <div className="tab-body">
      <Loaded query={query}>
        {(check) => (
          <>
            {check.opened.faults.length > 0 && (
              <>
                <strong>{t('catalog.responsibility.opened')}</strong>
                <OpenedList opened={check.opened} />
              </>
            )}
            <CheckResult check={check} />
          </>
        )}
      </Loaded>
    </div>
  );
}
