import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '@yiwang/api/sensing-api.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Select } from '@yiwang/ui/controls.ts';
import { listAt, textAt } from './entry-fields.ts';
import { useEntry } from './field-context.ts';
import { TypedField } from './typed-field.tsx';

/** Which rule, for which kind of device, of which values. A rule that exists keeps its id and its kind. */
export function EntryNames({ isBegun }: { isBegun: boolean }) {
  const t = useT();
  const text = useText();
  const { entry, change, mayEdit } = useEntry();
  const profiles = useQuery(profilesQuery).data ?? [];
  const profile = textAt(entry, ['profile']);
  const properties = profiles.find((one) => one.code === profile)?.properties ?? [];
  const uses = listAt(entry, ['rule', 'uses']).map(String);
  return (
    <section className="entry-row" aria-label={t('rules.form.names')}>
      <TypedField path={['rule', 'id']} label={t('rules.form.id')} isLocked={isBegun} isMono isWide />
      <TypedField path={['rule', 'name', 'zh']} label={t('rules.form.zh')} isWide />
      <TypedField path={['rule', 'name', 'en']} label={t('rules.form.en')} isWide />
      <div className="entry-field" data-wide>
        <span>{t('alerting.rules.profile')}</span>
        <Select
          aria-label={t('alerting.rules.profile')}
          disabled={!mayEdit || isBegun}
          value={profile || null}
          onChange={(code) => change(['profile'], code)}
          showSearch={{ optionFilterProp: 'label' }}
          options={profiles.map((one) => ({ value: one.code, label: `${text(one.name)} ${one.code}` }))}
        />
      </div>
      <div className="entry-field" data-wide>
        <span>{t('rules.form.uses')}</span>
        {mayEdit ? (
          <Select
            mode="tags"
            aria-label={t('rules.form.uses')}
            value={uses}
            onChange={(codes: string[]) => change(['rule', 'uses'], codes)}
            options={properties
              .filter((one) => one.kind !== 'text')
              .map((one) => ({ value: one.code, label: `${text(one.name)} ${one.code}` }))}
          />
        ) : (
          <span className="yw-mono">{uses.join(' ')}</span>
        )}
      </div>
    </section>
  );
}
