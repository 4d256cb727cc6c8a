import { useMutation, useQuery } from '@tanstack/react-query';
import { incidentApi, timelineQuery } from '@yiwang/api/incident-api.ts';
import type { ActionView, Evidence } from '@yiwang/api/types/incident.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert, Button } from '@yiwang/ui/controls.ts';
import { Loaded } from '@yiwang/ui/states.tsx';
import { changesOf } from './changes.ts';

/** Who did what, when, from where, and what it changed; the newest on top. */
export function Timeline({ id }: { id: string }) {
  const query = useQuery(timelineQuery(id));
  return (
    <div className="detail-body">
      <Verify id={id} />
      <Loaded query={query}>
        {(actions) => (
          <ol className="timeline">
            {actions.toReversed().map((action) => (
              <Entry key={action.seq} action={action} />
            ))}
          </ol>
        )}
      </Loaded>
    </div>
  );
}

function Entry({ action }: { action: ActionView }) {
  const t = useT();
  const text = useText();
  const changes = changesOf(action.before, action.after);
  const words = useFieldWords();
  return (
    <li>
      <header>
        <strong>{t(`command.name.${action.command}`)}</strong>
        <span>
          {action.actor.name}
          {action.actor.org && <span className="yw-dim"> · {text(action.actor.org)}</span>}
        </span>
        {action.from_ip && <span className="yw-dim yw-mono">{action.from_ip}</span>}
        <time dateTime={action.at} title={`#${action.seq} ${action.hash}`}>
          {fullTime(action.at)}
        </time>
      </header>
      {action.text && <p>{action.text}</p>}
      {changes.length > 0 && (
        <p className="timeline-change">
          {changes
            .map(({ field, before, after }) =>
              t('incident.change', {
                field: words.field(field),
                before: words.value(field, before),
                after: words.value(field, after),
              }),
            )
            .join('； ')}
        </p>
      )}
    </li>
  );
}

const LISTS: Record<string, string> = {
  status: 'status',
  grade: 'grade',
  secrecy: 'secrecy',
  outcome: 'outcome',
};
const FIELDS: Record<string, string> = {
  status: 'incident.filter.status',
  item: 'incident.fact.item',
  area: 'incident.fact.area',
  grade: 'incident.fact.grade',
  title: 'incident.column.title',
  address: 'incident.fact.address',
  secrecy: 'incident.fact.secrecy',
  outcome: 'incident.fact.outcome',
  suspended: 'incident.suspended',
  consulting: 'incident.consulting',
  position: 'incident.section.map',
  light: 'incident.filter.light',
  evidence: 'command.field.evidence',
};

/** The kind, and enough of the fingerprint to compare by eye. */
const evidenceWords = ({ kind, sha256 }: Evidence, term: ReturnType<typeof useTerm>): string =>
  [kind === 'attachment' ? '' : term('evidence', kind), sha256 && `SHA-256 ${sha256.slice(0, 12)}…`]
    .filter(Boolean)
    .join(' ');

function useFieldWords() {
  const t = useT();
  const term = useTerm();
  return {
    field: (field: string) =>
      FIELDS[field]
        ? t(FIELDS[field])
        : field.startsWith('task')
          ? field.replace('task', t('command.field.task_id'))
          : field,
    value: (field: string, value: unknown): string => {
      if (field === 'evidence' && Array.isArray(value)) {
        return value.map((piece) => evidenceWords(piece as Evidence, term)).join('、');
      }
      if (value === null || value === undefined) return t('shell.common.none');
      if (value === true) return t('shell.common.yes');
      if (value === false) return t('shell.common.no');
      if (typeof value === 'object') return JSON.stringify(value);
      const list = field.startsWith('task') ? 'taskStatus' : LISTS[field];
      return list ? term(list, String(value)) : String(value);
    },
  };
}

function Verify({ id }: { id: string }) {
  const t = useT();
  const verify = useMutation({ mutationFn: () => incidentApi.verifyTimeline(id) });
  const check = verify.data;
  return (
    <div>
      <Button size="small" loading={verify.isPending} onClick={() => verify.mutate()}>
        {t('incident.verifyChain')}
      </Button>
      {check?.intact === true && (
        <Alert type="success" showIcon title={t('incident.chainGood', { rows: check.entries })} />
      )}
      {check?.intact === false && (
        <Alert
          type="error"
          showIcon
          title={t('incident.chainBad', { seq: check.broken_at, why: check.why })}
        />
      )}
      {verify.error && <Alert type="error" showIcon title={verify.error.message} />}
    </div>
  );
}
