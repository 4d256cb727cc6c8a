import type { IndicatorDetail, VitalQuestion } from '@yiwang/api/types/vitals.ts';
import { useKnown, useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Facts, Panel } from '@yiwang/ui/panel.tsx';
import { FormulaFacts } from '@yiwang/widgets/explain/formula-facts.tsx';
import { LimitsTable } from './limits-table.tsx';
import { useOwnerName } from './use-names.ts';

/** When the lake was asked, how often, and why the newest asking gave nothing. */
function Asked({ question }: { question: VitalQuestion }) {
  const t = useT();
  const text = useText();
  const { asked_at, asked, failed, fault } = question;
  return (
    <>
      {t('vitals.about.askedAt', { at: fullTime(asked_at), asked, failed })}
      {fault && <span className="vitals-sql-fault">{text(fault.message)}</span>}
    </>
  );
}

/** What the number is: how it is computed, from where, by whom, and the limits in force. */
export function AboutPanel({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const text = useText();
  const known = useKnown();
  const ownerName = useOwnerName();
  const word = (key: string) => t(`vitals.about.${key}`);
  const { entry } = detail;
  return (
    <Panel title={word('title')} className="vitals-about">
      <Facts
        rows={[
          {
            label: word('formula'),
            value: <FormulaFacts detail={detail} none={word('noFormula')} />,
            wide: true,
          },
          entry.formula?.sql && {
            label: 'SQL',
            value: <pre className="vitals-sql">{entry.formula.sql.sql.trim()}</pre>,
            wide: true,
          },
          detail.question && {
            label: word('asked'),
            value: <Asked question={detail.question} />,
            wide: true,
          },
          { label: word('direction'), value: t(`vitals.direction.${detail.direction}`), wide: true },
          { label: word('source'), value: text(detail.source), wide: true },
          { label: word('owner'), value: text(detail.owner_name) || ownerName(detail.owner), wide: true },
          entry.refresh && {
            label: word('refresh'),
            value: (
              <>
                {spanText(t, entry.refresh)}
                {entry.lag_allowed && (
                  <span className="yw-dim">
                    {' '}
                    · {t('vitals.about.lag', { span: spanText(t, entry.lag_allowed) })}
                  </span>
                )}
              </>
            ),
            wide: true,
          },
          entry.grain && {
            label: word('grain'),
            value: `${known('vitals.grainTime', entry.grain.time)} · ${known('vitals.grainSpace', entry.grain.space)}`,
            wide: true,
          },
          entry.veto && {
            label: word('veto'),
            value: <Chip tone="orange">{word('vetoHint')}</Chip>,
            wide: true,
          },
          entry.standard && { label: word('standard'), value: entry.standard, wide: true },
          entry.caveat && { label: word('caveat'), value: text(entry.caveat), wide: true },
          entry.privacy && { label: word('privacy'), value: text(entry.privacy), wide: true },
        ]}
      />
      <h3>{word('limits')}</h3>
      <LimitsTable detail={detail} />
    </Panel>
  );
}
