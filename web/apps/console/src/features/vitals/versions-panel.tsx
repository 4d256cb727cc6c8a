import type { IndicatorVersion } from '@yiwang/api/types/vitals.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { differences } from './versions.ts';

/** All versions, the newest first, and what differs between two of them. */
export function VersionsPanel({ versions }: { versions: readonly IndicatorVersion[] }) {
  const t = useT();
  return (
    <Panel title={`${t('vitals.version.title')} · ${versions.length}`}>
      <ul className="vitals-versions">
        {versions.map((one) => (
          <li key={one.version}>
            <strong>{t('vitals.version.number', { number: one.version })}</strong>
            <span>{t('vitals.version.from', { time: dayTime(one.valid_from) })}</span>
            <span className="yw-dim">
              {one.by} · {one.pack}
            </span>
          </li>
        ))}
      </ul>
      {versions.length > 1 && <Compared versions={versions} />}
    </Panel>
  );
}

/** The last change where the address says nothing. */
function Compared({ versions }: { versions: readonly IndicatorVersion[] }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const of = (asked: string | undefined, at: number) =>
    versions.find(({ version }) => String(version) === asked) ?? versions[at];
  const [before, after] = [of(search.before, 1), of(search.after, 0)];
  if (!before || !after) return null;
  const found = differences(before.entry, after.entry);
  const choice = (key: 'before' | 'after', value: number) => (
    <Select
      size="small"
      style={{ width: 96 }}
      aria-label={t(`vitals.version.${key}`)}
      value={value}
      onChange={(version: number) => setSearch({ [key]: String(version) }, { replace: true })}
      options={versions.map(({ version }) => ({
        value: version,
        label: t('vitals.version.number', { number: version }),
      }))}
    />
  );
  return (
    <section className="vitals-compared" aria-label={t('vitals.version.compare')}>
      <div className="toolbar">
        {t('vitals.version.compare')} {choice('before', before.version)} → {choice('after', after.version)}
      </div>
      {found.length === 0 ? (
        <p className="yw-dim">{t('vitals.version.same')}</p>
      ) : (
        <table className="yw-table" aria-label={t('vitals.version.compare')}>
          <thead>
            <tr>
              <th scope="col">{t('vitals.version.place')}</th>
              <th scope="col">{t('vitals.version.before')}</th>
              <th scope="col">{t('vitals.version.after')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr key={one.path}>
                <td className="yw-mono">{one.path}</td>
                <td>{one.before ?? <span className="yw-dim">—</span>}</td>
                <td>{one.after ?? <span className="yw-dim">—</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
