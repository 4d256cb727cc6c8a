import type { IndicatorDetail, Measured, VitalLimit } from '@yiwang/api/types/vitals.ts';
import { type Translate, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';

const SIGNS = { '>': '>', '>=': '≥', '<': '<', '<=': '≤' } as const;

function unitOf(measured: Measured, unit: string): string {
  if (measured === 'deviation') return '%';
  return measured === 'z' ? 'σ' : unit;
}

/** A limit as it is said: `≥ 50 mm`, or outside of two numbers. */
export function limitWords(t: Translate, { op, value }: VitalLimit, unit: string): string {
  const said = (number: number) => `${number}${unit && ` ${unit}`}`;
  if (op === 'outside' && typeof value !== 'number')
    return t('vitals.limit.outside', { low: said(value[0]), high: said(value[1]) });
  const sign = op === 'outside' ? '≠' : SIGNS[op];
  return `${sign} ${said(Number(value))}`;
}

/** The limits in force, the worst first, and what follows when one is crossed. */
export function LimitsTable({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const text = useText();
  const limits = detail.thresholds;
  if (!limits) return <p className="yw-dim">{t('vitals.limit.none')}</p>;
  const measured = detail.measured ?? limits.on ?? 'value';
  const unit = unitOf(measured, detail.unit);
  const follows = detail.entry.on_breach ?? {};
  return (
    <>
      <table className="yw-table vitals-limits" aria-label={t('vitals.about.limits')}>
        <thead>
          <tr>
            <th scope="col">{t('vitals.column.grade')}</th>
            <th scope="col">{t(`vitals.measured.${measured}`)}</th>
            <th scope="col">{t('vitals.column.follow')}</th>
          </tr>
        </thead>
        <tbody>
          {(['alarm', 'warning', 'attention'] as const).map((grade) => {
            const limit = limits[grade];
            return (
              limit && (
                <tr key={grade}>
                  <td>
                    <GradeLamp state={grade} />
                  </td>
                  <td>{limitWords(t, limit, unit)}</td>
                  <td>{follows[grade] ? t(`vitals.follow.${follows[grade]}`) : '—'}</td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
      <p className="vitals-note yw-dim">
        {limits.for && `${t('vitals.limit.lasting', { span: spanText(t, limits.for) })} `}
        {limits.valid_from && `${t('vitals.limit.from', { date: limits.valid_from })} `}
        {limits.verified === false && <Chip tone="yellow">{t('vitals.limit.unverified')}</Chip>}
      </p>
      {limits.source && (
        <p className="vitals-note yw-dim">{t('vitals.limit.source', { source: text(limits.source) })}</p>
      )}
    </>
  );
}
