import type { IndicatorDetail } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { useFormula } from './use-formula.ts';
import './formula-facts.css';

/** How an indicator is computed, in words; its codes come last and small. */
export function FormulaFacts({
  detail,
  none,
}: {
  detail: Pick<IndicatorDetail, 'entry' | 'formula_words' | 'area'>;
  /** Said where there is no formula. */
  none: string;
}) {
  const t = useT();
  const text = useText();
  const formula = useFormula(detail.entry.formula, detail.area);
  if (!formula)
    return detail.formula_words ? text(detail.formula_words) : <span className="yw-dim">{none}</span>;
  return (
    <div className="formula-facts">
      <p>{formula.text}</p>
      {formula.parts.length > 0 && (
        <ul>
          {formula.parts.map((part) => (
            <li key={part.mark}>
              <strong>{part.mark}</strong> {part.text}
            </li>
          ))}
        </ul>
      )}
      {formula.codes && (
        <p className="formula-codes">
          {t('vitals.formula.codes')} <code>{formula.codes}</code>
        </p>
      )}
    </div>
  );
}
