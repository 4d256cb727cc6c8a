import { useQuery } from '@tanstack/react-query';
import type { Behind, IndicatorDetail, VitalLimit } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanText } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { behindQuery, definitionQuery, indicatorsQuery } from '../data/vitals.ts';
import { figureOf, toneOf } from '../parts/figures.ts';
import { Mark } from '../parts/mark.tsx';
import { useSetting } from '../parts/setting.ts';
import { useAgeWords } from '../parts/use-age.ts';
import { WayLink } from '../parts/way-link.tsx';
import { FactRow, Unread } from './facts.tsx';
import { FormulaFacts } from './formula-facts.tsx';
import { waysOf } from './ways.ts';

const GRADES = ['attention', 'warning', 'alarm'] as const;

export function IndicatorFacts({ code, area }: { code: string; area: string | undefined }) {
  const definition = useQuery(definitionQuery(code, area));
  const behind = useQuery(behindQuery(code, area)).data;
  const now = useQuery({ ...indicatorsQuery(area), enabled: false }).data?.find((row) => row.code === code);
  if (!definition.data) return <Unread read={definition} name={code} />;
  // The definition is kept for minutes; the number is that of the screen.
  return <Sheet detail={{ ...definition.data, ...now }} behind={behind} area={area} />;
}

interface SheetProps {
  detail: IndicatorDetail;
  behind: Behind | undefined;
  area: string | undefined;
}

function Sheet({ detail, behind, area }: SheetProps) {
  const t = useT();
  const text = useText();
  const age = useAgeWords();
  const tone = toneOf(detail.state);
  const { thresholds } = detail;
  return (
    <>
      <h2>
        {text(detail.name)} <small className="yw-mono">{detail.code}</small>
      </h2>
      <p className="ww-explain-value" data-tone={tone}>
        <Mark tone={tone} />
        <strong>{figureOf(detail.value, detail.precision)}</strong>
        <span>{detail.unit}</span>
        <em>{t(`vitals.state.${detail.state}`)}</em>
      </p>
      <dl className="ww-explain-facts">
        <FactRow label={t('wall.explain.formula')}>
          <FormulaFacts detail={detail} none={t('wall.explain.noFormula')} />
        </FactRow>
        {detail.waiting_reason && (
          <FactRow label={t('wall.explain.waiting')}>{text(detail.waiting_reason)}</FactRow>
        )}
        <FactRow label={t('wall.explain.source')}>{text(detail.source)}</FactRow>
        <FactRow label={t('wall.explain.owner')}>{text(detail.owner_name) || detail.owner}</FactRow>
        <FactRow label={t('wall.explain.at')}>
          {detail.at ? `${fullTime(detail.at)}（${age(detail.at)}）` : t('wall.explain.never')}
        </FactRow>
        <FactRow label={t('wall.explain.limits')}>
          {thresholds ? (
            <>
              <Limits detail={detail} />
              {thresholds.source && (
                <small>{t('wall.explain.limitSource', { source: thresholds.source })}</small>
              )}
            </>
          ) : (
            t('wall.explain.noLimits')
          )}
        </FactRow>
        <FactRow label={t('wall.explain.verified')}>
          {t(
            detail.verified && thresholds?.verified !== false
              ? 'wall.explain.isVerified'
              : 'wall.explain.notVerified',
          )}
        </FactRow>
      </dl>
      <Ways code={detail.code} behind={behind} area={area} />
    </>
  );
}

function limitWords({ op, value }: VitalLimit, t: (key: string, values?: Record<string, unknown>) => string) {
  if (Array.isArray(value)) return t('wall.explain.outside', { low: value[0], high: value[1] });
  return `${{ '>': '>', '>=': '≥', '<': '<', '<=': '≤', outside: '≠' }[op]} ${value}`;
}

function Limits({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const { thresholds } = detail;
  const on = thresholds?.on ?? 'value';
  return (
    <ul className="ww-explain-limits">
      {GRADES.map((grade) => {
        const limit = thresholds?.[grade];
        return (
          limit && (
            <li key={grade} data-tone={grade}>
              <Mark tone={grade} /> {t(`wall.tone.${grade}`)} {limitWords(limit, t)}
            </li>
          )
        );
      })}
      {on !== 'value' && <li>{t(`wall.explain.on.${on}`)}</li>}
      {thresholds?.for && <li>{t('wall.explain.lasting', { span: spanText(t, thresholds.for) })}</li>}
    </ul>
  );
}

function Ways({
  code,
  behind,
  area,
}: {
  code: string;
  behind: Behind | undefined;
  area: string | undefined;
}) {
  const t = useT();
  const { casesAt } = useSetting();
  const found = behind ? waysOf(behind, area, casesAt) : [];
  return (
    <div className="ww-explain-ways">
      {found.map(({ kind, way, note }) => (
        <WayLink key={`${kind}${note}`} way={way}>
          {t(`wall.explain.open.${kind}`)}
          {found.length > 1 && note ? ` ${note}` : ''}
        </WayLink>
      ))}
      <WayLink way={{ to: `/vitals/indicators/${encodeURIComponent(code)}`, search: { area } }}>
        {t('wall.explain.open.page')}
      </WayLink>
    </div>
  );
}
