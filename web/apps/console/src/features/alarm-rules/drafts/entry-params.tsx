import { useT } from '@yiwang/i18n/i18n.ts';
import { Button, Input } from '@yiwang/ui/controls.ts';
import { PlusOutlined } from '@yiwang/ui/icons.ts';
import { at, boundOf, renamed } from './entry-fields.ts';
import { useEntry } from './field-context.ts';

/** Thresholds by name. Those with dates are changed in the text. */
export function EntryParams() {
  const t = useT();
  const { entry, change, mayEdit } = useEntry();
  const found = at(entry, ['rule', 'params']);
  const params = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  const names = Object.keys(params);
  const fresh = () => {
    let count = names.length + 1;
    while (`p${count}` in params) count += 1;
    return `p${count}`;
  };
  return (
    <section aria-label={t('alerting.rules.params')}>
      <h3>{t('alerting.rules.params')}</h3>
      {names.map((name) => (
        <div className="entry-row" key={name}>
          <label className="entry-field">
            <span>{t('alerting.rules.param')}</span>
            <Input
              className="yw-mono"
              defaultValue={name}
              disabled={!mayEdit}
              onBlur={(event) => {
                const to = event.target.value.trim();
                if (to !== name) change(['rule', 'params'], renamed(params, name, to));
              }}
            />
          </label>
          <ParamValue name={name} value={params[name]} />
          {mayEdit && (
            <Button danger type="link" onClick={() => change(['rule', 'params', name], undefined)}>
              {t('shell.common.remove')}
            </Button>
          )}
        </div>
      ))}
      {mayEdit && (
        <Button size="small" icon={<PlusOutlined />} onClick={() => change(['rule', 'params', fresh()], 0)}>
          {t('rules.form.addParam')}
        </Button>
      )}
    </section>
  );
}

function ParamValue({ name, value }: { name: string; value: unknown }) {
  const t = useT();
  const { change, mayEdit } = useEntry();
  if (Array.isArray(value))
    return <span className="yw-dim">{t('rules.form.dated', { count: value.length })}</span>;
  const shown = value == null ? '' : String(value);
  return (
    <label className="entry-field">
      <span>{t('alerting.rules.value')}</span>
      <Input
        key={shown}
        className="yw-mono"
        inputMode="decimal"
        defaultValue={shown}
        disabled={!mayEdit}
        onBlur={(event) => {
          const typed = event.target.value;
          if (typed !== shown) change(['rule', 'params', name], boundOf(typed) ?? 0);
        }}
      />
    </label>
  );
}
