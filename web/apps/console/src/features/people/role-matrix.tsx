import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '@yiwang/api/admin-api.ts';
import type { RoleView } from '@yiwang/api/types/admin.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';

/** Which role carries which action. */
export function RoleMatrix() {
  const { can } = useSigned();
  const query = useQuery({ ...rolesQuery, enabled: can('user.read') });
  return <Loaded query={query}>{(roles) => <Matrix roles={roles} />}</Loaded>;
}

function Matrix({ roles }: { roles: RoleView[] }) {
  const t = useT();
  const text = useText();
  const actions = [...new Set(roles.flatMap((role) => role.actions))].sort();
  const columns: GridColumn<string>[] = [
    {
      key: 'action',
      title: t('admin.people.matrix'),
      width: '250px',
      render: (action) => (
        <>
          {t(`shell.action.${action}`)} <span className="yw-dim yw-mono">{action}</span>
        </>
      ),
    },
    ...roles.map(
      (role): GridColumn<string> => ({
        key: role.code,
        title: <span title={role.code}>{text(role.name)}</span>,
        align: 'center',
        render: (action) =>
          role.actions.includes(action) ? (
            <span title={t('shell.common.yes')}>●</span>
          ) : (
            <span className="yw-dim">·</span>
          ),
      }),
    ),
  ];
  return (
    <Panel flush className="matrix">
      <GridTable
        label={t('admin.people.tabRoles')}
        columns={columns}
        rows={actions}
        rowKey={(action) => action}
      />
    </Panel>
  );
}
