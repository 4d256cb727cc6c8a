import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Checkbox, Select } from '@yiwang/ui/controls.ts';
import { ItemPicker } from '../../../parts/item-picker.tsx';
import { at, textAt } from './entry-fields.ts';
import { useEntry } from './field-context.ts';
import { TypedField } from './typed-field.tsx';

/** What case an alarm becomes, and where the thresholds come from. */
export function EntryCase() {
  const t = useT();
  const { entry, change, mayEdit } = useEntry();
  const plan = at(entry, ['case']);
  const [item, from] = [textAt(entry, ['case', 'item']), textAt(entry, ['case', 'from'])];
  const choose = (code: string | undefined) =>
    change(
      ['case'],
      code ? { ...(typeof plan === 'object' ? plan : {}), item: code, from: from || 'III' } : undefined,
    );
  return (
    <section aria-label={t('alerting.rules.case')}>
      <h3>{t('alerting.rules.case')}</h3>
      <div className="entry-row">
        <div className="entry-field" data-wide>
          <span>{t('rules.form.item')}</span>
          <ItemPicker
            label={t('rules.form.item')}
            placeholder={t('alerting.rules.noCase')}
            disabled={!mayEdit}
            value={item || undefined}
            onChange={choose}
          />
        </div>
        <div className="entry-field">
          <span>{t('rules.form.caseFrom')}</span>
          <Select
            aria-label={t('rules.form.caseFrom')}
            disabled={!mayEdit || !item}
            value={from || null}
            onChange={(severity) => change(['case', 'from'], severity)}
            options={SEVERITIES.map((one) => ({ value: one, label: t(`alerting.severity.${one}`) }))}
          />
        </div>
        {typeof at(entry, ['source']) === 'object' ? (
          <>
            <TypedField path={['source', 'zh']} label={t('alerting.rules.source')} isWide />
            <TypedField path={['source', 'en']} label={t('rules.form.sourceEn')} isWide />
          </>
        ) : (
          <TypedField path={['source']} label={t('alerting.rules.source')} isWide />
        )}
        <Checkbox
          disabled={!mayEdit}
          checked={at(entry, ['verified']) !== false}
          onChange={(event) => change(['verified'], event.target.checked)}
        >
          {t('rules.form.verified')}
        </Checkbox>
      </div>
    </section>
  );
}
