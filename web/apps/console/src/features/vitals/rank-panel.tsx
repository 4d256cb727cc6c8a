import { useQuery } from '@tanstack/react-query';
import type { IndicatorDetail, VitalRank } from '@yiwang/api/types/vitals.ts';
import { vitalRanksQuery } from '@yiwang/api/vitals-api.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { GradeLamp } from '@yiwang/ui/grade-lamp.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { IndicatorLink } from './indicator-link.tsx';
import { numberIn, scoreIn } from './values.ts';

/** Towns by this number, the best first. */
export function RankPanel({ detail }: { detail: IndicatorDetail }) {
  const t = useT();
  const query = useQuery(vitalRanksQuery(detail.code));
  const columns: GridColumn<VitalRank>[] = [
    {
      key: 'place',
      title: t('vitals.rank.place'),
      width: '52px',
      align: 'right',
      render: (one) => one.place ?? '—',
    },
    {
      key: 'name',
      title: t('vitals.column.area'),
      render: (one) => (
        <IndicatorLink code={detail.code} area={one.area}>
          {one.name}
        </IndicatorLink>
      ),
    },
    {
      key: 'state',
      title: t('vitals.column.grade'),
      width: '96px',
      render: (one) => <GradeLamp state={one.state} />,
    },
    {
      key: 'value',
      title: detail.unit || t('vitals.column.value'),
      width: '84px',
      align: 'right',
      render: (one) => numberIn(one.value, detail.precision),
    },
    {
      key: 'score',
      title: t('vitals.column.score'),
      width: '60px',
      align: 'right',
      render: (one) => scoreIn(one.score),
    },
  ];
  return (
    <Panel flush scroll title={t('vitals.rank.title')} className="vitals-ranks">
      <Loaded query={query}>
        {(ranks) =>
          ranks.length === 0 ? (
            <Empty text={t('vitals.rank.none')} />
          ) : (
            <GridTable
              label={t('vitals.rank.title')}
              columns={columns}
              rows={ranks}
              rowKey={(one) => one.area}
              selected={detail.area}
              isDim={(one) => one.place == null}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
