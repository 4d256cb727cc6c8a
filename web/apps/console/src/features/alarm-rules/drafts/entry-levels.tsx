import { SEVERITIES } from '@yiwang/api/types/alerting.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Select } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { listAt, textAt } from './entry-fields.ts';
import { useEntry } from './field-context.ts';
import { TypedField } from './typed-field.tsx';

/** From mild to grave: each severity with its condition, or with how long nothing came. */
export function EntryLevels() {
  const t = useT();
  const { entry, change, mayEdit } = useEntry();
  const levels = listAt(entry, ['rule', 'levels']);
  const taken = levels.map((_, index) => textAt(entry, ['rule', 'levels', index, 'severity']));
  const next = [...SEVERITIES].reverse().find((one) => !taken.includes(one)) ?? 'I';
  return (
    <section aria-label={t('alerting.rules.levels')}>
      <h3>{t('alerting.rules.levels')}</h3>
      {levels.map((_, index) => {
        const path = ['rule', 'levels', index] as const;
        return (
          // Levels have no name of their own; they are added and taken out, not moved.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div className="entry-row" key={index}>
            <div className="entry-field" data-narrow>
              <span>{t('alerting.column.severity')}</span>
              <Select
                aria-label={t('alerting.column.severity')}
                disabled={!mayEdit}
                value={taken[index] || null}
                onChange={(severity) => change([...path, 'severity'], severity)}
                options={SEVERITIES.map((one) => ({ value: one, label: t(`alerting.severity.${one}`) }))}
              />
            </div>
            <TypedField
              path={[...path, 'when']}
              label={t('rules.form.when')}
              hint="depth >= slow"
              isWide
              isMono
            />
            <TypedField path={[...path, 'for']} label={t('rules.form.for')} hint="2m" />
            <TypedField path={[...path, 'missing']} label={t('rules.form.missing')} hint="1h" />
            {mayEdit && (
              <Button danger type="link" onClick={() => change(path, undefined)}>
                {t('shell.common.remove')}
              </Button>
            )}
          </div>
        );
      })}
      {mayEdit && (
        <Button
          size="small"
          icon={<PlusOutlined />}
          onClick={() => change(['rule', 'levels', levels.length], { severity: next, when: '' })}
        >
          {t('rules.form.addLevel')}
        </Button>
      )}
    </section>
  );
}
