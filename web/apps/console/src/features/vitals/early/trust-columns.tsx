import type { EarlyScore, EarlyTrust } from '@yiwang/api/types/vitals.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import type { GridColumn } from '@yiwang/ui/grid-table.tsx';
import { useSearchParams } from '../../../app/use-search-params.ts';
import { IndicatorLink } from '../indicator-link.tsx';
import { percentIn } from '../values.ts';
import {
  type Basis,
  breachesOf,
  decidedOf,
  FEW,
  isFew,
  missedShare,
  nextTrustSort,
  restsOnFew,
  type TrustSort,
  USUAL_SORT,
} from './trust.ts';

const MINUTE_MS = 60_000;

const shareIn = (share: number | null | undefined) => (typeof share === 'number' ? percentIn(share) : '—');

/** Lead time, false alarms, what was missed, and the number of cases: each can be sorted by. */
export function useTrustColumns(basis: Basis): GridColumn<EarlyTrust>[] {
  const t = useT();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const word = (key: string) => t(`vitals.early.trust.${key}`);
  const asked = search.sort ?? USUAL_SORT;
  const sort = (by: TrustSort): Pick<GridColumn<EarlyTrust>, 'sort'> => ({
    sort: {
      way: asked === by ? 'ascending' : asked === `-${by}` ? 'descending' : undefined,
      onPress: () => setSearch({ sort: nextTrustSort(asked, by) }, { replace: true }),
    },
  });
  const share =
    (by: TrustSort, of: (score: EarlyScore) => number | null | undefined) => (row: EarlyTrust) => {
      const score = row[basis];
      return score ? <span data-few={restsOnFew(score, by)}>{shareIn(of(score))}</span> : '—';
    };
  return [
    {
      ...{ key: 'indicator', title: t('vitals.column.indicator'), width: '34%', ...sort('code') },
      render: (row) => (
        <>
          <IndicatorLink code={row.indicator}>{text(row.name)}</IndicatorLink>
          <span className="cell-two yw-mono">{row.indicator}</span>
        </>
      ),
    },
    {
      ...{ key: 'lead', title: word('lead'), hint: word('leadHint'), align: 'right', ...sort('lead') },
      render: (row) => {
        const score = row[basis];
        const lead = score?.lead_minutes;
        if (!score || typeof lead !== 'number') return '—';
        return <span data-few={restsOnFew(score, 'lead')}>{spanWords(t, lead * MINUTE_MS)}</span>;
      },
    },
    {
      ...{
        key: 'false',
        title: word('falseRate'),
        hint: word('falseHint'),
        align: 'right',
        ...sort('false'),
      },
      render: share('false', (score) => score.false_alarm_rate),
    },
    {
      ...{
        key: 'missed',
        title: word('missed'),
        hint: word('missedHint'),
        align: 'right',
        ...sort('missed'),
      },
      render: share('missed', missedShare),
    },
    {
      ...{ key: 'cases', title: word('cases'), width: '32%', ...sort('cases') },
      render: (row) => <RestsOn score={row[basis]} basis={basis} />,
    },
  ];
}

/** The number of cases in words; where they are too few, that first. */
function RestsOn({ score, basis }: { score: EarlyScore | null | undefined; basis: Basis }) {
  const t = useT();
  const word = (key: string, values?: Record<string, unknown>) => t(`vitals.early.trust.${key}`, values);
  if (!score) return <span className="yw-dim">{word('never')}</span>;
  const [decided, breaches] = [decidedOf(score), breachesOf(score)];
  if (decided + breaches + score.pending === 0)
    return <span className="yw-dim">{word(basis === 'given' ? 'nothingGiven' : 'nothing')}</span>;
  return (
    <>
      {isFew(score) && (
        <>
          <Chip tone="yellow" title={word('fewHint', { few: FEW })}>
            {word('few')}
          </Chip>{' '}
        </>
      )}
      {word('casesOf', { decided, breaches })}
      {score.pending > 0 && <span className="cell-two">{word('pending', { count: score.pending })}</span>}
    </>
  );
}
