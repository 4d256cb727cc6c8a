import { useQuery } from '@tanstack/react-query';
import { packsQuery } from '@yiwang/api/pack-api.ts';
import type { PackView } from '@yiwang/api/types/pack.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useSearchParams } from '../../app/use-search-params.ts';
import { PackPanels } from './pack-panels.tsx';
import './packs.css';

/** The packs this city runs on: what is in them, what is wrong with them, what a new one would change. */
export default function PacksPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(packsQuery);
  const chosen = query.data?.find((pack) => pack.id === (search.pack ?? query.data?.[0]?.id));
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('packs.title')}</h2>
        <span className="yw-dim">{t('packs.hint')}</span>
      </div>
      <div className="page-split packs-split">
        <Panel flush scroll>
          <Loaded query={query}>
            {(packs) =>
              packs.length === 0 ? (
                <Empty />
              ) : (
                <PackTable
                  packs={packs}
                  selected={chosen?.id}
                  onPick={(pack) => setSearch({ pack: pack.id }, { replace: true })}
                />
              )
            }
          </Loaded>
        </Panel>
        {chosen ? <PackPanels key={chosen.id} pack={chosen} /> : <Empty text={t('packs.pick')} />}
      </div>
    </div>
  );
}

interface TableProps {
  packs: PackView[];
  selected: string | undefined;
  onPick: (pack: PackView) => void;
}

function PackTable({ packs, selected, onPick }: TableProps) {
  const t = useT();
  const text = useText();
  const columns: GridColumn<PackView>[] = [
    {
      key: 'title',
      title: t('packs.title'),
      render: (pack) => (
        <>
          {text(pack.installed?.title) || pack.id}
          <div className="yw-dim yw-mono">{pack.id}</div>
        </>
      ),
    },
    {
      key: 'version',
      title: t('packs.installed'),
      width: '150px',
      render: (pack) =>
        pack.installed ? (
          <>
            <span className="yw-mono">{pack.installed.version}</span>
            <div className="yw-dim">{dayTime(pack.installed.installed_at)}</div>
          </>
        ) : (
          <Chip tone="yellow">{t('packs.notInstalled')}</Chip>
        ),
    },
  ];
  return (
    <GridTable
      label={t('packs.title')}
      columns={columns}
      rows={packs}
      rowKey={(pack) => pack.id}
      selected={selected}
      onPick={onPick}
    />
  );
}
