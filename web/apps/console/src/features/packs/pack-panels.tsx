import { useQuery } from '@tanstack/react-query';
import { packCheckQuery, packDiffQuery, packQuery } from '@yiwang/api/pack-api.ts';
import type {
  PackCheck,
  PackDetail,
  PackDiff,
  PackFinding,
  PackView,
  SectionDiff,
} from '@yiwang/api/types/pack.ts';
import { useKnown, useT } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Alert } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';

/** Entries of one kind of change that are listed; a new pack has thousands. */
const LISTED_MAX = 50;
const HASH_SHOWN = 12;

export function PackPanels({ pack }: { pack: PackView }) {
  const t = useT();
  return (
    <div className="pack-panels">
      {pack.installed && <Contents id={pack.id} />}
      {pack.on_shelf ? (
        <>
          <Check id={pack.id} />
          <Diff id={pack.id} />
        </>
      ) : (
        <Alert type="info" showIcon title={t('packs.offShelf')} />
      )}
    </div>
  );
}

function Contents({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(packQuery(id));
  return (
    <Panel title={t('packs.contents')}>
      <Loaded query={query}>{(pack) => <ContentFacts pack={pack} />}</Loaded>
    </Panel>
  );
}

function ContentFacts({ pack }: { pack: PackDetail }) {
  const t = useT();
  const known = useKnown();
  return (
    <>
      <Facts
        rows={[
          { label: t('packs.installed'), value: pack.version },
          { label: t('packs.at'), value: fullTime(pack.installed_at) },
          { label: t('packs.by'), value: pack.installed_by },
          {
            label: t('packs.hash'),
            value: (
              <span className="yw-mono" title={pack.hash}>
                {pack.hash.slice(0, HASH_SHOWN)}
              </span>
            ),
          },
          pack.requires.length > 0 && {
            label: t('packs.requires'),
            value: pack.requires.join('、'),
            wide: true,
          },
        ]}
      />
      <ul className="pack-sections">
        {Object.entries(pack.sections).map(([section, count]) => (
          <li key={section}>
            {known('packs.sections', section)} <strong>{count.toLocaleString('en-US')}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}

function Check({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(packCheckQuery(id));
  return (
    <Panel
      title={t('packs.check')}
      extra={<span className="yw-mono yw-dim">{query.data?.version}</span>}
      flush
    >
      <Loaded query={query}>{(check) => <Findings check={check} />}</Loaded>
    </Panel>
  );
}

function Findings({ check }: { check: PackCheck }) {
  const t = useT();
  const errors = check.findings.filter((one) => one.severity === 'error').length;
  const words = errors
    ? t('packs.errors', { count: errors })
    : check.findings.length > 0
      ? t('packs.warnings', { count: check.findings.length })
      : t('packs.clean');
  const columns: GridColumn<PackFinding>[] = [
    {
      key: 'severity',
      title: '',
      width: '64px',
      render: (one) => (
        <Chip tone={one.severity === 'error' ? 'red' : 'yellow'}>{t(`packs.severity.${one.severity}`)}</Chip>
      ),
    },
    {
      key: 'place',
      title: t('packs.place'),
      width: '24%',
      render: (one) => (
        <span className="yw-mono">
          {one.file}
          {one.line > 0 && `:${one.line}`}
        </span>
      ),
    },
    {
      key: 'message',
      title: t('packs.message'),
      render: (one) => (
        <>
          {one.message} <span className="yw-dim yw-mono">{one.code}</span>
        </>
      ),
    },
    { key: 'hint', title: t('packs.hintColumn'), width: '26%', render: (one) => one.hint },
  ];
  return (
    <>
      <p className="pack-note">
        <Chip tone={errors ? 'red' : check.findings.length > 0 ? 'yellow' : 'green'}>{words}</Chip>
      </p>
      {check.findings.length > 0 && (
        <GridTable
          label={t('packs.check')}
          columns={columns}
          rows={check.findings}
          rowKey={(one) => `${one.file}:${one.line}:${one.code}:${one.message}`}
        />
      )}
    </>
  );
}

function Diff({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(packDiffQuery(id));
  const words = (diff: PackDiff) =>
    t('packs.from', { installed: diff.installed ?? t('packs.notInstalled'), given: diff.given });
  return (
    <Panel
      title={t('packs.diff')}
      extra={<span className="yw-mono yw-dim">{query.data && words(query.data)}</span>}
    >
      <Loaded query={query}>
        {(diff) =>
          diff.sections.length === 0 ? (
            <Chip tone="green">{t('packs.same')}</Chip>
          ) : (
            diff.sections.map((section) => <Section key={section.section} section={section} />)
          )
        }
      </Loaded>
    </Panel>
  );
}

const shown = (value: unknown) => (value === null ? '—' : JSON.stringify(value));

function Section({ section }: { section: SectionDiff }) {
  const t = useT();
  const known = useKnown();
  const { added, changed, removed, unchanged } = section;
  const rest = (count: number) =>
    count > LISTED_MAX && <li>{t('packs.more', { count: count - LISTED_MAX })}</li>;
  return (
    <details className="pack-diff" open={added.length + changed.length + removed.length <= LISTED_MAX}>
      <summary>
        <strong>{known('packs.sections', section.section)}</strong>
        {added.length > 0 && <Chip tone="green">{`+ ${t('packs.added')} ${added.length}`}</Chip>}
        {changed.length > 0 && <Chip tone="accent">{`~ ${t('packs.changed')} ${changed.length}`}</Chip>}
        {removed.length > 0 && <Chip tone="red">{`− ${t('packs.removed')} ${removed.length}`}</Chip>}
        <span className="yw-dim">{t('packs.unchanged', { count: unchanged })}</span>
      </summary>
      <ul>
        {added.slice(0, LISTED_MAX).map((key) => (
          <li key={`+${key}`} className="yw-mono">
            + {key}
          </li>
        ))}
        {rest(added.length)}
        {removed.slice(0, LISTED_MAX).map((key) => (
          <li key={`-${key}`} className="yw-mono">
            − {key}
          </li>
        ))}
        {rest(removed.length)}
        {changed.slice(0, LISTED_MAX).map((entry) => (
          <li key={`~${entry.key}`} className="yw-mono">
            ~ {entry.key}
            <ul>
              {entry.fields.map((field) => (
                <li key={field.field}>
                  {field.field}: <del>{shown(field.before)}</del> → <ins>{shown(field.after)}</ins>
                </li>
              ))}
            </ul>
          </li>
        ))}
        {rest(changed.length)}
      </ul>
    </details>
  );
}
