import { useQuery } from '@tanstack/react-query';
import { itemsQuery } from '@yiwang/api/catalog-api.ts';
import type { ItemView } from '@yiwang/api/types/catalog.ts';
import { useT, useText } from '@yiwang/i18n/i18n.ts';
import { Input, Tree } from '@yiwang/ui/controls.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Empty, Loaded } from '@yiwang/ui/states.tsx';
import { useMemo, useState } from 'react';
import { useSearchParams } from '../../app/use-search-params.ts';
import { type ItemNode, itemTree, prune } from '../../parts/item-tree.ts';
import { ItemDetailPanel } from './item-detail.tsx';
import './items.css';

export default function ItemsPage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const items = useQuery(itemsQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h2>{t('catalog.items.title')}</h2>
      </div>
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
            `${item.code} ${item.name.zh} ${item.name.en ?? ''}`.toLowerCase().includes(wanted),
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
