import { useQuery } from '@tanstack/react-query';
import { itemsQuery } from '@yiwang/api/catalog-api.ts';
import type { ItemView } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Input, Tabs, Tree } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo, useState } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type ItemNode, itemTree, prune } from '../../parts/item-tree.ts';
import { finds } from '../../parts/org-search.ts';
import { Codesets } from './codesets.tsx';
import { ItemDetailPanel } from './item-detail.tsx';
import './items.css';

export default function ItemsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  return (
    <div className="page">
      <h2 className="yw-visually-hidden">{t('catalog.items.title')}</h2>
      <Tabs
        className="fill-tabs items-tabs"
        size="small"
        activeKey={search.tab ?? 'items'}
        onChange={(tab) => setSearch({ tab: tab === 'items' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'items', label: t('catalog.items.tabItems'), children: <Items /> },
          { key: 'codesets', label: t('catalog.items.tabCodesets'), children: <Codesets /> },
        ]}
      />
    </div>
  );
}

function Items() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const items = useQuery(itemsQuery);
  return (
    <div className="page-split items-split">
      <Panel flush>
        <Loaded query={items}>
          {(all) => (
            <ItemTree
              items={all}
              selected={search.code}
              onSelect={(code) => setSearch({ code }, { replace: true })}
            />
          )}
        </Loaded>
      </Panel>
      {search.code ? <ItemDetailPanel code={search.code} /> : <Empty text={t('catalog.items.pick')} />}
    </div>
  );
}

interface TreeProps {
  items: ItemView[];
  selected: string | undefined;
  onSelect: (code: string) => void;
}

interface TreeEntry {
  key: string;
  title: React.ReactNode;
  children: TreeEntry[];
}

function ItemTree({ items, selected, onSelect }: TreeProps) {
  const t = useT();
  const text = useText();
  const [q, setQ] = useState('');
  const tree = useMemo(() => itemTree(items), [items]);
  const wanted = q.trim().toLowerCase();
  const shown = useMemo(
    () =>
      wanted
        ? prune(tree, (item) =>
            finds(wanted, {
              label: item.name.zh,
              search: [item.code, item.name.zh, item.name.en, ...item.aliases].join(' ').toLowerCase(),
              pinyin: item.pinyin,
            }),
          )
        : tree,
    [tree, wanted],
  );
  const entry = ({ item, children }: ItemNode): TreeEntry => ({
    key: item.code,
    title: (
      <span className="item-node">
        <span className="yw-dim yw-mono">{item.code}</span>
        {text(item.name)}
      </span>
    ),
    children: children.map(entry),
  });
  const [folded, setFolded] = useState<string[]>([]);
  const above = selected ? selected.split('.').map((_, at, parts) => parts.slice(0, at + 1).join('.')) : [];
  const openKeys = wanted ? everyKey(shown) : [...folded, ...above];

  return (
    <div className="item-tree">
      <Input
        type="search"
        allowClear
        aria-label={t('catalog.items.search')}
        placeholder={t('catalog.items.search')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      {shown.length === 0 ? (
        <Empty />
      ) : (
        <Tree
          treeData={shown.map(entry)}
          expandedKeys={openKeys}
          onExpand={(keys) => setFolded(keys.map(String))}
          selectedKeys={selected ? [selected] : []}
          onSelect={(_, { node }) => onSelect(String(node.key))}
          blockNode
        />
      )}
    </div>
  );
}

const everyKey = (nodes: readonly ItemNode[]): string[] =>
  nodes.flatMap((node) => [node.item.code, ...everyKey(node.children)]);
