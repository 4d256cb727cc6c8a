import { useQuery } from '@tanstack/react-query';
import { packsQuery } from '@yiwang/api/admin-api.ts';
import type { PackView } from '@yiwang/api/types/admin.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';

/** Which packs this city runs on. */
export function Packs() {
  const t = useT();
  const text = useText();
  const query = useQuery(packsQuery);
  const word = (key: string) => t(`admin.system.${key}`);
  const columns: GridColumn<PackView>[] = [
    {
      key: 'id',
      title: word('packs'),
      render: (pack) => (
        <>
          {text(pack.installed?.title)} <span className="yw-dim yw-mono">{pack.id}</span>
        </>
      ),
    },
    {
      key: 'version',
      title: word('version'),
      width: '120px',
      render: (pack) => pack.installed?.version ?? '—',
    },
    {
      key: 'at',
      title: word('installed'),
      width: '160px',
      render: (pack) => fullTime(pack.installed?.installed_at),
    },
    {
      key: 'by',
      title: t('admin.audit.user'),
      width: '120px',
      render: (pack) => pack.installed?.installed_by,
    },
  ];
  return (
    <Panel flush title={word('packs')}>
      <Loaded query={query}>
        {(packs) => (
          <GridTable label={word('packs')} columns={columns} rows={packs} rowKey={(pack) => pack.id} />
        )}
      </Loaded>
    </Panel>
  );
}
