import { useT } from '@yiwang/i18n/i18n.ts';
import { TypedField } from './typed-field.tsx';

/** When an alarm is over; where nothing is said, when the condition no longer holds. */
export function EntryClear() {
  const t = useT();
  return (
    <section aria-label={t('alerting.rules.clear')}>
      <h3>{t('alerting.rules.clear')}</h3>
      <div className="entry-row">
        <TypedField path={['rule', 'clear', 'when']} label={t('rules.form.when')} isWide isMono />
        <TypedField path={['rule', 'clear', 'below']} label={t('rules.form.below')} isBound />
        <TypedField path={['rule', 'clear', 'above']} label={t('rules.form.above')} isBound />
        <TypedField path={['rule', 'clear', 'by']} label={t('rules.form.by')} isBound />
        <TypedField path={['rule', 'clear', 'for']} label={t('rules.form.for')} hint="10m" />
      </div>
    </section>
  );
}
