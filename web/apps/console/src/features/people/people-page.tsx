import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { rolesQuery, usersQuery } from '@yiwang/api/admin-api.ts';
import type { UserView } from '@yiwang/api/types/admin.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Button, Input, Tabs } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { useSearchParams } from '../../app/use-search-params.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { RoleMatrix } from './role-matrix.tsx';
import { Tokens } from './tokens.tsx';
import { UserPanel } from './user-panel.tsx';
import './people.css';

export default function PeoplePage() {
  const t = useT();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('admin.people.title')}</h2>
        <span className="yw-dim">{t('admin.people.separated')}</span>
      </div>
      <Tabs
        className="fill-tabs"
        size="small"
        activeKey={search.tab ?? 'users'}
        onChange={(tab) => setSearch({ tab: tab === 'users' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'users', label: t('admin.people.tabUsers'), children: <Users /> },
          ...(can('token.edit') ? [{ key: 'tokens', label: t('tokens.tab'), children: <Tokens /> }] : []),
          { key: 'roles', label: t('admin.people.tabRoles'), children: <RoleMatrix /> },
        ]}
      />
    </div>
  );
}

function Users() {
  const t = useT();
  const { can } = useSigned();
  const [search, setSearch] = useSearchParams();
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery(usersQuery({ q: search.q }));
  const users = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = users.find((user) => user.id === search.user);
  return (
    <div className="people-split">
      <div className="people-list">
        <div className="page-head">
          <Input.Search
            allowClear
            style={{ width: 260 }}
            aria-label={t('admin.people.search')}
            placeholder={t('admin.people.search')}
            defaultValue={search.q ?? ''}
            onSearch={(q) => setSearch({ q: q || undefined }, { replace: true })}
          />
          <span className="page-gap" />
          {can('user.edit') && <Button onClick={() => setCreating(true)}>{t('admin.people.newUser')}</Button>}
        </div>
        <Panel flush>
          <Loaded query={query}>
            {() => (
              <UserTable users={users} chosen={chosen} onPick={(user) => setSearch({ user: user.id })} />
            )}
          </Loaded>
          {users.length > 0 && <LoadMore count={users.length} query={query} />}
        </Panel>
      </div>
      {chosen ? <UserPanel key={chosen.id} user={chosen} /> : <Empty text={t('admin.people.pick')} />}
      {isCreating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

interface UserTableProps {
  users: UserView[];
  chosen: UserView | undefined;
  onPick: (user: UserView) => void;
}

function UserTable({ users, chosen, onPick }: UserTableProps) {
  const t = useT();
  const text = useText();
  const roles = useQuery(rolesQuery).data ?? [];
  const roleName = (code: string) => text(roles.find((role) => role.code === code)?.name) || code;
  const word = (key: string) => t(`admin.people.${key}`);
  const columns: GridColumn<UserView>[] = [
    {
      key: 'name',
      title: word('name'),
      width: '120px',
      render: (user) => (
        <>
          {user.name} {user.kind === 'service' && <Chip tone="accent">{word('service')}</Chip>}
        </>
      ),
    },
    {
      key: 'username',
      title: word('username'),
      width: '150px',
      render: (user) => <span className="yw-mono">{user.username}</span>,
    },
    {
      key: 'posts',
      title: word('posts'),
      render: (user) => user.posts.map((post) => `${text(post.org.name)} ${post.title}`.trim()).join('；'),
    },
    {
      key: 'roles',
      title: word('roles'),
      width: '22%',
      render: (user) => user.roles.map(roleName).join('、'),
    },
    { key: 'state', title: word('state'), width: '84px', render: (user) => <UserState user={user} /> },
  ];
  return (
    <GridTable
      label={word('tabUsers')}
      columns={columns}
      rows={users}
      rowKey={(user) => user.id}
      selected={chosen?.id}
      onPick={onPick}
    />
  );
}

export function UserState({ user }: { user: UserView }) {
  const t = useT();
  const now = useNow();
  if (user.status === 'disabled') return <Chip>{t('admin.people.disabled')}</Chip>;
  if (isLocked(user, now)) return <Chip tone="red">{t('admin.people.locked')}</Chip>;
  return <Chip tone="green">{t('admin.people.active')}</Chip>;
}

export const isLocked = (user: UserView, now: number): boolean =>
  Boolean(user.locked_until && Date.parse(user.locked_until) > now);
