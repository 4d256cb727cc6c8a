import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { tokenApi, tokensQuery } from '@yiwang/api/token-api.ts';
import type { TokenView } from '@yiwang/api/types/token.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { dayTime } from '@yiwang/i18n/time.ts';
import { Chip, type Tone } from '@yiwang/ui/chip.tsx';
import { App, Button, Checkbox, Popconfirm } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useState } from 'react';
import { useNow } from '../../app/use-now.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { problemWords } from '../../parts/problem-words.ts';
import { useDayTime } from '../../parts/use-words.ts';
import { CreateTokenDialog } from './create-token-dialog.tsx';

const DAY_MS = 86_400_000;
/** Days before its end from which a token is shown as ending. */
const SOON_DAYS = 14;

type State = 'live' | 'soon' | 'expired' | 'revoked';

export function stateOf(token: TokenView, now: number): State {
  if (token.revoked_at) return 'revoked';
  const left = Date.parse(token.expires_at) - now;
  if (left <= 0) return 'expired';
  return left < SOON_DAYS * DAY_MS ? 'soon' : 'live';
}

const TONES: Record<State, Tone> = { live: 'green', soon: 'orange', expired: 'plain', revoked: 'plain' };

/** The tokens that other systems call with. */
export function Tokens() {
  const t = useT();
  const now = useNow();
  const [isCreating, setCreating] = useState(false);
  const [showAll, setShowAll] = useState(false);
  const query = useInfiniteQuery(tokensQuery);
  const tokens = query.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = tokens.filter((token) => showAll || ['live', 'soon'].includes(stateOf(token, now)));
  return (
    <div className="people-list">
      <div className="page-head">
        <span className="yw-dim tokens-hint">{t('tokens.hint')}</span>
        <span className="page-gap" />
        <Checkbox checked={showAll} onChange={(event) => setShowAll(event.target.checked)}>
          {t('tokens.showAll')}
        </Checkbox>
        <Button type="primary" onClick={() => setCreating(true)}>
          {t('tokens.create')}
        </Button>
      </div>
      <Panel flush>
        <Loaded query={query}>
          {() => (shown.length === 0 ? <Empty text={t('tokens.none')} /> : <TokenTable tokens={shown} />)}
        </Loaded>
        {tokens.length > 0 && <LoadMore count={shown.length} query={query} />}
      </Panel>
      {isCreating && <CreateTokenDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

function TokenTable({ tokens }: { tokens: TokenView[] }) {
  const t = useT();
  const now = useNow();
  const when = useDayTime();
  const word = (key: string) => t(`tokens.${key}`);
  const columns: GridColumn<TokenView>[] = [
    { key: 'name', title: word('name'), width: '18%', render: (token) => token.name },
    { key: 'account', title: word('account'), width: '12%', render: (token) => token.user_name },
    {
      key: 'actions',
      title: word('actions'),
      render: (token) => (
        <span className="token-actions">
          {token.actions.map((action) => (
            <Chip key={action} title={action}>
              {t(`shell.action.${action}`)}
            </Chip>
          ))}
        </span>
      ),
    },
    { key: 'created', title: word('created'), width: '120px', render: (token) => dayTime(token.created_at) },
    { key: 'expires', title: word('expires'), width: '160px', render: (token) => when(token.expires_at) },
    {
      key: 'used',
      title: word('lastUsed'),
      width: '120px',
      render: (token) =>
        token.last_used_at ? dayTime(token.last_used_at) : <span className="yw-dim">{word('never')}</span>,
    },
    {
      key: 'state',
      title: word('state'),
      width: '110px',
      render: (token) => <TokenState token={token} now={now} />,
    },
    { key: 'revoke', title: '', width: '84px', render: (token) => <Revoke token={token} now={now} /> },
  ];
  return <GridTable label={word('tab')} columns={columns} rows={tokens} rowKey={(token) => token.id} />;
}

function TokenState({ token, now }: { token: TokenView; now: number }) {
  const t = useT();
  const state = stateOf(token, now);
  const days = Math.ceil((Date.parse(token.expires_at) - now) / DAY_MS);
  return <Chip tone={TONES[state]}>{t(`tokens.${state}`, { days })}</Chip>;
}

function Revoke({ token, now }: { token: TokenView; now: number }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => tokenApi.revoke(token.id),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    onError: (fault) => void message.error(problemWords(fault)),
  });
  if (['expired', 'revoked'].includes(stateOf(token, now))) return null;
  return (
    <Popconfirm title={t('tokens.revokeAsk')} onConfirm={() => revoke.mutate()}>
      <Button size="small" danger loading={revoke.isPending}>
        {t('tokens.revoke')}
      </Button>
    </Popconfirm>
  );
}
